"""Pulling from an interface page by page, as agencies offer it: the cursor moves when every item of a page is safe."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import Mapping
from dataclasses import replace

from services.ingest.admission.admit import Admission
from services.ingest.channels import PullConfig
from services.ingest.feeds.fetch import Fetcher, SourceUnavailable
from services.ingest.feeds.schedule import next_wait
from services.ingest.health.health_book import HealthBook
from services.ingest.metrics import POLLS
from services.ingest.pulling.jsonpage import Page, UnreadablePage, first_page, read_page
from services.ingest.pulling.pageitems import PageItems
from services.ingest.pulling.pullcursor import PullCursor, PullCursors
from services.ingest.settings import Source
from shared.logs import get_logger

__all__ = ["Pull"]

NEXT_PAGE_SECONDS = 0.2
"""Between two pages that both hold something: a link that leads in a circle must not become a storm."""


log = get_logger("ingest")


class Pull:
    """Pulls the pages of one source. A page that is read again, after a crash or an outage, doubles nothing."""

    def __init__(
        self,
        name: str,
        config: Source,
        pull: PullConfig,
        *,
        every: float,
        headers: Mapping[str, str],
        fetcher: Fetcher,
        cursors: PullCursors,
        admission: Admission,
        health: HealthBook,
    ) -> None:
        self.name = name
        self.lease = f"pull:{name}"
        self._pull = pull
        self._url = first_page(pull)
        self._items = PageItems(
            name, config, server=str(pull.url), headers=headers, fetcher=fetcher, admission=admission
        )
        self._every = config.every or every
        self._cursors = cursors
        self._health = health

    async def run(self) -> None:
        """Pull until cancelled.

        Raises:
            RedisError, OSError, StoryContended: nothing was moved; the next run reads the same page.
        """
        while True:
            await asyncio.sleep(await self.wait_seconds())
            await self.pull()

    async def wait_seconds(self) -> float:
        """Return the seconds until the next page is due."""
        cursor = await self._cursors.load(self.name, self._url)
        wait = cursor.due_ms / 1000 - time.time()
        return max(0.0, wait if cursor.failures else min(wait, self._every * 1.1))

    async def pull(self) -> None:
        """Read one page, bring its items to safety, and only then move on."""
        cursor = await self._cursors.load(self.name, self._url)
        try:
            fetched = await self._items.fetch(cursor.page)
            self._health.reached(self.name)
            sha256 = hashlib.sha256(fetched.body).hexdigest()
            if sha256 == cursor.sha256:
                POLLS.labels(self.name, "not_modified").inc()
                await self._move(cursor, self._every)
                return
            page = read_page(fetched.body, self._pull, url=cursor.page)
        except (SourceUnavailable, UnreadablePage) as error:
            await self._put_off(cursor, error)
            return
        if (behind := await self._items.take(page, url=cursor.page, tries=cursor.tries)) is not None:
            await self._put_off(replace(cursor, tries=cursor.tries + 1), behind)
        elif page.next_problem:
            # Everything in the page is safe, but where it goes on cannot be told: that is for a person.
            await self._put_off(cursor, UnreadablePage("next_link_unusable", page.next_problem))
        else:
            await self._go_on(cursor, page, sha256)

    async def _go_on(self, cursor: PullCursor, page: Page, sha256: str) -> None:
        POLLS.labels(self.name, "taken").inc()
        log.info("page_taken", source=self.name, entries=len(page.entries), more=page.next is not None)
        if page.next is None or page.next == cursor.page:
            await self._move(replace(cursor, sha256=sha256, tries=0), self._every)
            return
        wait = NEXT_PAGE_SECONDS if page.entries else self._every
        await self._move(replace(cursor, next=page.next, sha256="", tries=0), wait)

    async def _move(self, cursor: PullCursor, wait: float) -> None:
        due = int((time.time() + wait) * 1000)
        if not await self._cursors.move(self.name, replace(cursor, due_ms=due, failures=0)):
            log.info("cursor_moved_by_another", source=self.name)

    async def _put_off(self, cursor: PullCursor, error: SourceUnavailable | UnreadablePage) -> None:
        self._health.failed(self.name, error.code)
        failures = cursor.failures + 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        chance = random.random()  # noqa: S311 - it spreads reads over time, it guards nothing
        wait = next_wait(self._every, strain=failures, asked=asked, chance=chance)
        POLLS.labels(self.name, "failed").inc()
        log.warning(
            "source_unavailable",
            source=self.name,
            code=error.code,
            detail=error.detail,
            failures=failures,
            wait_seconds=round(wait, 1),
        )
        moved = replace(cursor, failures=failures, due_ms=int((time.time() + wait) * 1000))
        await self._cursors.move(self.name, moved)
