"""Ending tasks for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

__all__ = ["end"]

AGAIN_SECONDS = 0.2


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel until every task has ended.

    Once is not enough: redis-py 8.1 swallows a cancellation that reaches it while connecting, and ``asyncio.wait_for``,
    which it waits with, loses one before Python 3.12 that comes in the moment of the reply.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
