"""Parsing off the event loop: a few bodies at once, each for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.parse import parse
from shared.logs import get_logger

__all__ = ["CopyReader"]

log = get_logger("ingest")


class CopyReader:
    """Runs the parsers in threads of their own, so that copy which is slow to read delays no other service."""

    def __init__(self, *, at_once: int, seconds: float, parser: Callable[..., Parsed] = parse) -> None:
        self._parser = parser
        self._seconds = seconds
        self._places = at_once
        self._free = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="parse")
        self._stuck = 0

    async def read(self, body: bytes, *, content_type: str | None, hints: Hints) -> Parsed:
        """Parse ``body``.

        Raises:
            UnreadableCopy: with the parser's code, or ``parse_timeout`` or ``parser_failed``.
            OSError: there is no parser to be had; the copy may come again.
        """
        async with self._free:
            return await self._parse(body, content_type, hints)

    async def check(self) -> str | None:
        """Readiness: a thread cannot be stopped, so copy that never ends being read takes its place for good."""
        return f"all {self._places} parsers are stuck; restart" if self._stuck >= self._places else None

    def close(self) -> None:
        """Let go of the threads without waiting for one that is stuck."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _parse(self, body: bytes, content_type: str | None, hints: Hints) -> Parsed:
        future = self._threads.submit(self._parser, body, content_type=content_type, hints=hints)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError as error:
            self._stuck += 1
            future.add_done_callback(self._unstick)
            raise UnreadableCopy("parse_timeout", f"not read within {self._seconds:g} s") from error
        except (UnreadableCopy, OSError):
            raise
        except Exception as error:
            # A fault of ours: the copy is kept, and the fault is told once instead of failing every request.
            log.exception("parser_failed", content_type=content_type, size=len(body))
            raise UnreadableCopy("parser_failed", type(error).__name__) from error

    def _unstick(self, _: object) -> None:
        self._stuck -= 1
