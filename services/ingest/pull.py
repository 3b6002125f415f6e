"""Pulling from an interface page by page, as agencies offer it: the cursor moves when every item of a page is safe."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from services.ingest.admit import Admission
from services.ingest.bring import bring_in, set_aside
from services.ingest.channels import PullConfig
from services.ingest.fetch import Fetched, Fetcher, SourceGone, SourceUnavailable
from services.ingest.health_book import HealthBook
from services.ingest.items import UnreadableCopy
from services.ingest.jsonpage import Entry, Page, UnreadablePage, first_page, read_page, same_server
from services.ingest.metrics import POLLS
from services.ingest.pullcursor import PullCursor, PullCursors
from services.ingest.received import Copy
from services.ingest.schedule import next_wait
from services.ingest.settings import Source
from shared.logs import get_logger

__all__ = ["Pull"]

NEXT_PAGE_SECONDS = 0.2
"""Between two pages that both hold something: a link that leads in a circle must not become a storm."""
MOST_TRIES = 5
"""Reads of a page, further apart each time, before an item that cannot be had where others can is set aside."""
TRIES_IN_AN_OUTAGE = 40
"""The same where no item can be had: with the back-off of an hour, more than a day."""
NEVER = frozenset({"too_large", "bad_encoding", "forbidden_address", "bad_redirect", "too_many_redirects"})
"""What asking again does not change."""
ACCEPTED = {"Accept": "application/json, */*;q=0.5"}

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
        self._config = config
        self._pull = pull
        self._url = first_page(pull)
        self._every = config.every or every
        self._headers = {**ACCEPTED, **headers}
        self._fetcher = fetcher
        self._cursors = cursors
        self._admission = admission
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
            fetched = await self._fetch(cursor.page)
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
        if (behind := await self._take(cursor, page)) is not None:
            await self._put_off(replace(cursor, tries=cursor.tries + 1), behind)
        elif page.next_problem:
            # Everything in the page is safe, but where it goes on cannot be told: that is for a person.
            await self._put_off(cursor, UnreadablePage("next_link_unusable", page.next_problem))
        else:
            await self._go_on(cursor, page, sha256)

    async def _fetch(self, url: str) -> Fetched:
        try:
            headers = self._headers if same_server(url, str(self._pull.url)) else ACCEPTED
            fetched = await self._fetcher.fetch(url, headers=headers)
        except SourceGone as error:
            raise SourceUnavailable("http_410", "the source answered so") from error
        if not isinstance(fetched, Fetched):
            raise SourceUnavailable("http_304", "the source was not asked whether anything changed")
        return fetched

    async def _take(self, cursor: PullCursor, page: Page) -> SourceUnavailable | None:
        """Bring every item to its outcome. Returns why one could not be had yet."""
        behind: list[tuple[Entry, str, SourceUnavailable]] = []
        times: Counter[bytes] = Counter()
        had = 0
        for entry in page.entries:
            times[entry.listed] += 1
            place = f"{self.name}\0{cursor.page}\0{times[entry.listed]}"
            try:
                had += await self._bring(entry, place)
            except SourceUnavailable as error:
                behind.append((entry, place, error))
        if behind and cursor.tries + 1 < (MOST_TRIES if had else TRIES_IN_AN_OUTAGE):
            return behind[0][2]
        for entry, place, why in behind:
            await self._quarantine(entry, place, f"{why.code}: {why.detail}")
        return None

    async def _bring(self, entry: Entry, place: str) -> int:
        """Bring one item to its outcome and return how many were fetched for it.

        Raises:
            SourceUnavailable: it cannot be had for now.
        """
        if entry.problem:
            await self._quarantine(entry, place, entry.problem)
            return 0
        if entry.copy is not None:
            await self._admit(entry.copy, entry.content_type, None, place + entry.listed.decode("ascii"))
            return 0
        try:
            fetched = await self._fetch(entry.link or "")
        except SourceUnavailable as error:
            if error.code not in NEVER | {"http_410"}:
                raise
            await self._quarantine(entry, place, f"{error.code}: {error.detail}")
            return 0
        # The receipt knows the bytes: what is behind a link may have changed when a crash has it read again.
        await self._admit(fetched.body, fetched.content_type, fetched.url, place + entry.listed.decode("ascii"))
        return 1

    async def _admit(self, body: bytes, content_type: str | None, url: str | None, place: str) -> None:
        sha256 = hashlib.sha256(body).hexdigest()
        copy = Copy(
            source=self.name,
            config=self._config,
            body=body,
            content_type=content_type,
            url=url,
            receipt=_receipt(place, sha256),
        )
        await bring_in(self._admission, copy, sha256)

    async def _quarantine(self, entry: Entry, place: str, detail: str) -> None:
        """Keep what the page says of an item that cannot be had, and book it as refused."""
        sha256 = hashlib.sha256(entry.listed).hexdigest()
        copy = Copy(
            source=self.name,
            config=self._config,
            body=entry.listed,
            content_type="application/json",
            receipt=_receipt(place, sha256),
        )
        await set_aside(self._admission, copy, sha256, UnreadableCopy("item_unavailable", detail))

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


def _receipt(place: str, sha256: str) -> str:
    """Name one item of one page by both, so that the page may be read again."""
    return hashlib.sha256(f"{place}\0{sha256}".encode()).hexdigest()[:32]
