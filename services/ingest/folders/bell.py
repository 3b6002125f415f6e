"""A bell that rings when something new is in a folder, so that a file need not wait for the next look."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from watchfiles import Change, awatch

from services.ingest.ending import end
from services.ingest.folders.dropfile import is_ignored
from shared.logs import get_logger

__all__ = ["Bell"]

STEP_MS = 20
"""Changes that come closer together than this ring once."""
DEBOUNCE_MS = 400
"""However many changes come, they ring at least this often."""
POLL_DELAY_MS = 1_000

log = get_logger("ingest")


class Bell:
    """Rings on new and changed names. Whoever waits must look by the clock as well: not every folder tells."""

    def __init__(self, folder: Path, *, polls: bool) -> None:
        self._folder = folder
        self._polls = polls
        self._rung = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await end([self._task])

    async def wait(self, seconds: float) -> None:
        """Return when it rings, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()

    async def _listen(self) -> None:
        try:
            async for _ in awatch(
                self._folder,
                watch_filter=_is_news,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                recursive=False,
                force_polling=self._polls,
                poll_delay_ms=POLL_DELAY_MS,
            ):
                self._rung.set()
        except (OSError, RuntimeError) as error:
            # No watch left to be had, or a file system without any: the folder is then looked through by the clock.
            log.warning("folder_not_watched", folder=str(self._folder), error=f"{type(error).__name__}: {error}")


def _is_news(change: Change, path: str) -> bool:
    return change is not Change.deleted and not is_ignored(path.rpartition("/")[2])
