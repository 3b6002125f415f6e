"""The WebSub hub is told which feeds have changed: https://www.w3.org/TR/websub/, section 7.

Nothing waits for it and nothing depends on it: a hub that is slow, away or gone costs a line in the log. It is told no
news, only where some is, and fetches the feed as anybody would. The web process tells it, since that is the one with a
way out of the house; of several replicas each does, and a hub that is told twice finds the same feed twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

import httpx

from services.publish.feeds.addresses import SITE, feed_paths, section_folder
from services.publish.store.changes import Changes
from shared.article import PubStatus
from shared.logs import get_logger

__all__ = ["Hub", "changed_folders"]

PAUSE = 1.5
"""Seconds from a change to the ping: by then every replica has let go of the old pages, and a surge is one ping."""
TIMEOUT = httpx.Timeout(5.0)
AT_ONCE = 60
"""Feeds named in one request."""
SLOWEST = 300.0
"""Longest time between two tries, in seconds."""
log = get_logger(__name__)


class Hub:
    """Tells one hub. ``hear`` may be called from any thread; what it hears before ``running`` is not told."""

    def __init__(self, hub: str, site_url: str, sections: Iterable[str], *, pause: float = PAUSE) -> None:
        self._hub = hub
        self._site_url = site_url.rstrip("/")
        self._sections = tuple(sections)
        self._pause = pause
        self._folders: set[str] = set()
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def hear(self, changes: Changes) -> None:
        """Remember which feeds have changed."""
        folders = changed_folders(changes, self._sections)
        if self._loop is not None and folders:
            # A loop that is closing down needs to hear of nothing more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._remember, folders)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tell the hub for as long as the block runs."""
        # Not by a proxy of the environment: what the hub is told and by whom is the configuration's to say.
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            self._loop = asyncio.get_running_loop()
            task = asyncio.create_task(self._tell_on(client))
            try:
                yield
            finally:
                self._loop = None
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def _remember(self, folders: frozenset[str]) -> None:
        self._folders |= folders
        self._changed.set()

    async def _tell_on(self, client: httpx.AsyncClient) -> None:
        """Tell for ever. What could not be told is told again, less and less often while the hub refuses."""
        failures = 0
        while True:
            await self._changed.wait()
            await asyncio.sleep(min(self._pause * 2 ** min(failures, 10), SLOWEST))
            failures = 0 if await self._tell(client) else failures + 1

    async def _tell(self, client: httpx.AsyncClient) -> bool:
        """Tell of all that has changed, and return whether the hub took it."""
        # Taken out first: what changes while the hub is asked must be told after it.
        folders, self._folders = self._folders, set()
        self._changed.clear()
        paths = [path for folder in sorted(folders) for path in feed_paths(folder)]
        for start in range(0, len(paths), AT_ONCE):
            refusal = await self._refusal(client, paths[start : start + AT_ONCE])
            if refusal is not None:
                log.warning("hub_not_told", reason=refusal, feeds=len(paths))
                self._remember(frozenset(folders))
                return False
        log.info("hub_told", feeds=len(paths))
        return True

    async def _refusal(self, client: httpx.AsyncClient, paths: Sequence[str]) -> str | None:
        """Return why the hub did not take the ping, or None where it did."""
        form = {"hub.mode": "publish", "hub.url": [f"{self._site_url}{path}" for path in paths]}
        try:
            answer = await client.post(self._hub, data=form)
        except httpx.HTTPError as error:
            return type(error).__name__
        return None if answer.is_success else f"status {answer.status_code}"


def changed_folders(changes: Changes, sections: Iterable[str]) -> frozenset[str]:
    """Return where the feeds that have changed are; ``sections`` are those of the site, by their keys.

    A story that was taken off does not say any more which section it was in: all of them are told, so that a kill goes
    as far as the story did.
    """
    if changes.complete and not changes.moved:
        return frozenset()
    taken_off = any(moved.status is not PubStatus.USABLE for moved in changes.moved)
    touched = {moved.section for moved in changes.moved if moved.section}
    if taken_off or not changes.complete:
        touched |= set(sections)
    return frozenset({SITE, *map(section_folder, touched)})
