"""The WebSub hub is told which feeds have changed: https://www.w3.org/TR/websub/, section 7.

Nothing waits for it and nothing depends on it: a hub that is slow, away or gone costs a line in the log. It is told no
news, only where some is, and fetches the feed as anybody would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import httpx

from services.publish.feeds.addresses import SITE, feed_paths, section_folder
from shared.logs import get_logger

__all__ = ["Hub"]

PAUSE = 1.5
"""Seconds from a change to the ping: by then every replica has let go of the old pages, and a surge is one ping."""
TIMEOUT = httpx.Timeout(5.0)
AT_ONCE = 60
"""Feeds named in one request."""
SLOWEST = 300.0
"""Longest time between two tries, in seconds."""
log = get_logger(__name__)


class Hub:
    """Tells one hub. ``touched`` is called in the loop that runs ``run``."""

    def __init__(self, hub: str, site_url: str, client: httpx.AsyncClient, *, pause: float = PAUSE) -> None:
        self._hub = hub
        self._site_url = site_url.rstrip("/")
        self._client = client
        self._pause = pause
        self._folders: set[str] = set()
        self._changed = asyncio.Event()

    def touched(self, sections: Iterable[str]) -> None:
        """Remember that stories of these sections, by their keys, have changed."""
        self._folders |= {SITE, *map(section_folder, sections)}
        self._changed.set()

    async def run(self) -> None:
        """Tell until cancelled. What could not be told is told again, less and less often while the hub refuses."""
        failures = 0
        while True:
            await self._changed.wait()
            await asyncio.sleep(min(self._pause * 2**failures, SLOWEST))
            failures = 0 if await self._tell() else failures + 1

    async def _tell(self) -> bool:
        """Tell of all that has changed, and return whether the hub took it."""
        # Taken out first: what changes while the hub is asked must be told after it.
        folders, self._folders = self._folders, set()
        self._changed.clear()
        paths = [path for folder in sorted(folders) for path in feed_paths(folder)]
        for start in range(0, len(paths), AT_ONCE):
            refusal = await self._refusal(paths[start : start + AT_ONCE])
            if refusal is not None:
                log.warning("hub_not_told", reason=refusal, feeds=len(paths))
                self._folders |= folders
                self._changed.set()
                return False
        log.info("hub_told", feeds=len(paths))
        return True

    async def _refusal(self, paths: Sequence[str]) -> str | None:
        """Return why the hub did not take the ping, or None where it did."""
        form = {"hub.mode": "publish", "hub.url": [f"{self._site_url}{path}" for path in paths]}
        try:
            answer = await self._client.post(self._hub, data=form, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            return type(error).__name__
        return None if answer.is_success else f"status {answer.status_code}"
