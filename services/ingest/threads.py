"""Steps on the file system off the event loop, each to its end; and the end of tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

__all__ = ["end", "to_its_end"]

AGAIN_SECONDS = 1.0

P = ParamSpec("P")
T = TypeVar("T")


async def to_its_end(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a step in a thread. A caller that is cancelled leaves only when the step is over.

    The thread cannot be stopped, and the folders that it works in must not be closed under it: the number of a closed
    descriptor is soon that of another file.
    """
    running = asyncio.ensure_future(asyncio.to_thread(step, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        raise


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they have ended.

    Once is not always enough: redis-py waits with ``asyncio.wait_for``, which before Python 3.12 loses a cancellation
    that comes in the moment of the reply (measured here: every other stop within milliseconds of a start).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
