"""Waiting for something to become true, instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

__all__ = ["wait_until", "wait_until_sync"]

T = TypeVar("T")
PAUSE = 0.01


@overload
async def wait_until(predicate: Callable[[], Awaitable[T]], timeout: float = ...) -> T: ...  # noqa: ASYNC109 - see below
@overload
async def wait_until(predicate: Callable[[], T], timeout: float = ...) -> T: ...  # noqa: ASYNC109 - see below
async def wait_until(predicate: Callable[[], Any], timeout: float = 10.0) -> Any:  # noqa: ASYNC109 - it names the claim
    """Return what ``predicate`` (plain or async) gives once that is true; fail after ``timeout`` seconds.

    The limit is for a busy machine: a test that needs a tighter one measures the time itself.
    """
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(_never(predicate, timeout, value))
        await asyncio.sleep(PAUSE)


def wait_until_sync(predicate: Callable[[], T], timeout: float = 10.0) -> T:
    """Do as :func:`wait_until` does, where there is no event loop."""
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(_never(predicate, timeout, value))
        time.sleep(PAUSE)


def _never(predicate: Callable[[], Any], timeout: float, value: Any) -> str:
    name = getattr(predicate, "__qualname__", repr(predicate))
    return f"{name} did not become true within {timeout:g} s; it last gave {value!r}"
