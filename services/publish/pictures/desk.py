"""The picture desk of the web process: a file of a picture from the cache, or made now, once for all who ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from services.publish.pictures.cache import PictureCache
from services.publish.pictures.metrics import PICTURES
from services.publish.pictures.resizing import Resizer
from services.publish.pictures.unavailable import Failures, PictureUnavailable
from shared.logs import get_logger

__all__ = ["Fetches", "PictureDesk", "StillShown"]

MOST_AT_WORK = 64
"""Pictures that are fetched, made or waiting to be: further ones are told to come again."""
FETCHES_AT_ONCE = 8
log = get_logger(__name__)

_Files = dict[str, bytes]
StillShown = Callable[[], Awaitable[bool]]


class Fetches(Protocol):
    """Where the bytes of a picture come from."""

    async def fetch(self, address: str) -> bytes:
        """Return the bytes at an address.

        Raises:
            PictureUnavailable: with a stable code.
        """
        ...

    async def close(self) -> None: ...


class PictureDesk:
    """Makes all sizes of a picture when the first of them is asked for: the rest are asked for right after."""

    def __init__(self, fetcher: Fetches, resizer: Resizer, cache: PictureCache) -> None:
        self._fetcher = fetcher
        self._resizer = resizer
        self._cache = cache
        self._failures = Failures()
        self._at_work: dict[tuple[str, str], asyncio.Task[_Files | None]] = {}
        self._fetching = asyncio.Semaphore(FETCHES_AT_ONCE)

    async def get(self, story_id: str, address: str, file: str, *, still_shown: StillShown) -> bytes | None:
        """Return a file; None where the story was taken down meanwhile.

        Raises:
            PictureUnavailable: with a stable code.
        """
        kept = await asyncio.to_thread(self._cache.get, story_id, address, file)
        if kept is not None:
            PICTURES.labels("kept").inc()
            return kept
        files = await self._made_once(story_id, address, still_shown)
        return None if files is None else files[file]

    def forget(self, story_id: str, *, keep: Iterable[str] = ()) -> None:
        """Delete the files of a story that is gone, at once; of one that goes on, those not at addresses in ``keep``.

        May be called from any thread.
        """
        self._cache.forget(story_id, keep=keep)

    def keeps(self, story_id: str) -> bool:
        """Tell whether there are files of a story."""
        return self._cache.keeps(story_id)

    def tidy(self, is_shown: Callable[[str], bool]) -> None:
        """Delete what was left of stories that are not shown; for the start, in a thread."""
        self._cache.tidy(is_shown)

    @property
    def at_work(self) -> int:
        """How many pictures are being made, or wait to be."""
        return len(self._at_work)

    async def close(self) -> None:
        """Leave what is being made, and close the client."""
        for task in list(self._at_work.values()):
            task.cancel()
        await asyncio.gather(*self._at_work.values(), return_exceptions=True)
        await self._fetcher.close()

    async def _made_once(self, story_id: str, address: str, still_shown: StillShown) -> _Files | None:
        key = (story_id, address)
        task = self._at_work.get(key)
        if task is None:
            self._failures.check(address)
            if len(self._at_work) >= MOST_AT_WORK:
                raise PictureUnavailable("busy", f"{MOST_AT_WORK} pictures are being made")
            task = self._at_work[key] = asyncio.create_task(self._make(story_id, address, still_shown))
            task.add_done_callback(lambda done: self._finish(key, done))
        # A reader who leaves does not stop the work: others wait for it, or will ask again.
        return await asyncio.shield(task)

    def _finish(self, key: tuple[str, str], task: asyncio.Task[_Files | None]) -> None:
        del self._at_work[key]
        if not task.cancelled():
            task.exception()  # has been told to those who waited, if any are left

    async def _make(self, story_id: str, address: str, still_shown: StillShown) -> _Files | None:
        started = time.perf_counter()
        try:
            async with self._fetching:
                data = await self._fetcher.fetch(address)
            sizes = await self._resizer.make(data)
        except PictureUnavailable as error:
            self._failures.add(address, error)
            PICTURES.labels(error.code if error.lasts and not error.code.startswith("http") else "failed").inc()
            log.warning("picture_unavailable", story_id=story_id, code=error.code)
            raise
        await self._keep(story_id, address, sizes.files)
        PICTURES.labels("made").inc()
        spent = round((time.perf_counter() - started) * 1000)
        log.info("picture_made", story_id=story_id, received=len(data), width=sizes.width, ms=spent)
        return sizes.files if await self._is_still_shown(story_id, still_shown) else None

    async def _is_still_shown(self, story_id: str, still_shown: StillShown) -> bool:
        """Ask, with the files on disk already, and take them off it if the answer is no, or none.

        A kill that the store does not show yet will be followed by its :meth:`forget`; one that it shows may have had
        its own before the files were there.
        """
        shown = False
        try:
            shown = await still_shown()
        finally:
            if not shown:
                await asyncio.to_thread(self._cache.forget, story_id)
        return shown

    async def _keep(self, story_id: str, address: str, files: _Files) -> None:
        try:
            await asyncio.to_thread(self._cache.put, story_id, address, files)
        except OSError as error:
            # Readers get the picture all the same; that the disk is full is for an operator.
            log.warning("picture_not_kept", story_id=story_id, error=error.strerror)
