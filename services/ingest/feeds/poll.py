"""One poll of one feed: fetch, admit what is new in it, and only then move the cursor."""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from services.ingest.admission.admit import Admission, RefusedCopy
from services.ingest.admission.entries import Entries
from services.ingest.admission.received import Copy
from services.ingest.feeds.cursor import Cursor, FeedCursors
from services.ingest.feeds.failing import UNREACHED, SourceGone, SourceUnavailable
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.fetched import Fetched, NotModified
from services.ingest.feeds.misserved import is_html
from services.ingest.feeds.pacing import NOT_ITS_DOING, Pace, after_answer, after_failure, left_to_wait
from services.ingest.feeds.subscriber import Subscriber
from services.ingest.feeds.visits import HostAway, Visits
from services.ingest.health.health_book import HealthBook
from services.ingest.health.source_metrics import LATENESS
from services.ingest.items import UnreadableCopy
from services.ingest.metrics import POLLS
from services.ingest.settings import Source
from shared.logs import get_logger

__all__ = ["FeedPoll"]

SLOWEST = 5
"""A feed that seldom changes is polled this much more seldom at most, unless ``slowest`` says otherwise."""

HTML = UnreadableCopy("html_instead_of_feed", "a web page where the feed should be")

log = get_logger("ingest")


class FeedPoll:
    """Polls the feed of one source.

    The cursor says to the source what we have. It moves after everything in the body is admitted, so a crash in
    between costs a second look, which finds duplicates, and never an entry.
    """

    def __init__(
        self,
        name: str,
        config: Source,
        *,
        every: float,
        fetcher: Fetcher,
        cursors: FeedCursors,
        admission: Admission,
        visits: Visits,
        health: HealthBook,
        subscriber: Subscriber,
    ) -> None:
        self.name = name
        self.url = str(config.feed)
        fastest = config.every or every
        self._pace = Pace(fastest=fastest, slowest=config.slowest or SLOWEST * fastest)
        self._config = config
        self._fetcher = fetcher
        self._cursors = cursors
        self._admission = admission
        self._entries = Entries(name, cursors, admission)
        self._visits = visits
        self._health = health
        self._subscriber = subscriber

    async def wait_seconds(self) -> float:
        """Return the seconds until the next poll is due.

        Raises:
            SourceGone: none ever is.
        """
        cursor = await self._cursors.load(self.name, self.url)
        if cursor.closed:
            raise SourceGone
        relief = await self._subscriber.relief(self.name)
        return left_to_wait(cursor, slowest=max(self._pace.slowest, relief), now=time.time())

    async def poll(self) -> None:
        """Poll once.

        Raises:
            SourceGone: the source is not to be asked again.
            RedisError, OSError, StoryContended: nothing was moved; poll again.
        """
        cursor = await self._cursors.load(self.name, self.url)
        url = _address(self.url, cursor.moved)
        try:
            async with self._visits.to(url.host):
                if cursor.due_ms:
                    LATENESS.observe(max(0.0, time.time() - cursor.due_ms / 1000))
                await self._visit(cursor, url)
        except HostAway as away:
            await self._put_off(cursor, NOT_ITS_DOING, str(away), asked=away.seconds)

    async def deliver(self, body: bytes, content_type: str | None) -> None:
        """Take in what the feed's hub delivered: new entries of the feed, or all of it.

        Raises:
            RefusedCopy: it is no feed; it is kept and in the books.
            RedisError, OSError, StoryContended: deliver it again.
        """
        url = str(httpx.URL(self.url).copy_with(userinfo=b""))
        copy = Copy(source=self.name, config=self._config, body=body, content_type=content_type, url=url)
        if is_html(body, content_type):
            await self._admission.set_aside(copy, HTML)
            return
        listing, _, _ = await self._entries.admit_new(await self._admission.take(copy))
        await self._cursors.add_seen(self.name, listing)

    async def _visit(self, cursor: Cursor, url: httpx.URL) -> None:
        try:
            answer = await self._fetcher.fetch(
                str(url), etag=cursor.etag or None, last_modified=cursor.last_modified or None
            )
        except SourceUnavailable as error:
            self._visits.met(url.host, reached=error.code not in UNREACHED)
            self._health.failed(self.name, error.code)
            await self._put_off(cursor, error.code, error.detail, asked=error.retry_after)
            return
        except SourceGone:
            self._visits.met(url.host, reached=True)
            self._health.closed(self.name, "http_410")
            await self._cursors.save(self.name, replace(cursor, closed="http_410"))
            raise
        self._visits.met(url.host, reached=True)
        sha256 = hashlib.sha256(answer.body).hexdigest() if isinstance(answer, Fetched) else cursor.sha256
        if isinstance(answer, Fetched) and sha256 != cursor.sha256:
            await self._take(cursor, answer, sha256)
            return
        POLLS.labels(self.name, "not_modified").inc()
        log.debug("source_not_modified", source=self.name)
        await self._save(cursor, answer, fresh=0)

    async def _take(self, cursor: Cursor, fetched: Fetched, sha256: str) -> None:
        copy = Copy(
            source=self.name,
            config=self._config,
            body=fetched.body,
            content_type=fetched.content_type,
            url=fetched.url,
        )
        if is_html(fetched.body, fetched.content_type):
            # A page with a clock or a token in it is another at every poll: one of them is kept.
            if cursor.code != HTML.code:
                await self._admission.set_aside(copy, HTML)
            await self._put_off(cursor, HTML.code, HTML.detail)
            return
        try:
            taken = await self._admission.take(copy)
        except RefusedCopy as refused:
            # It is in the books, so the same bytes need not be refused at every poll; the source is asked again.
            await self._put_off(replace(cursor, sha256=sha256), refused.code, refused.detail)
            return
        listing, waiting, fresh = await self._entries.admit_new(taken)
        marks = ("", "", "") if waiting else (fetched.etag or "", fetched.last_modified or "", sha256)
        moved = replace(cursor, etag=marks[0], last_modified=marks[1], sha256=marks[2])
        POLLS.labels(self.name, "taken").inc()
        await self._save(moved, fetched, fresh=fresh, listing=listing)

    async def _save(
        self, cursor: Cursor, answer: NotModified, *, fresh: int, listing: dict[str, str] | None = None
    ) -> None:
        if answer.moved_to and answer.moved_to != cursor.moved:
            log.warning("source_moved", source=self.name, detail=f"fetched from {answer.moved_to} from now on")
            cursor = replace(cursor, moved=answer.moved_to)
        self._health.reached(self.name)
        await self._subscriber.answered(self.name, answer)
        due = after_answer(
            cursor,
            self._pace,
            now=time.time(),
            fresh=fresh,
            fresh_seconds=answer.fresh_seconds,
            at_least=await self._subscriber.relief(self.name),
            chance=_chance(),
        )
        await self._cursors.save(self.name, due, listing)

    async def _put_off(self, cursor: Cursor, code: str, detail: str, *, asked: float | None = None) -> None:
        due = after_failure(cursor, self._pace, now=time.time(), code=code, asked=asked, chance=_chance())
        POLLS.labels(self.name, "failed").inc()
        log.warning(
            "source_unavailable",
            source=self.name,
            code=code,
            detail=detail,
            failures=due.failures,
            next_poll=datetime.fromtimestamp(due.due_ms / 1000, UTC).isoformat(timespec="seconds"),
        )
        await self._cursors.save(self.name, due)


def _chance() -> float:
    return random.random()  # noqa: S311 - it spreads polls over time, it guards nothing


def _address(configured: str, moved: str) -> httpx.URL:
    """Return where to fetch from. A password is for the host that it was given for, and not kept beside the cursor."""
    url = httpx.URL(configured)
    if not moved:
        return url
    target = httpx.URL(moved)
    there = (target.scheme, target.host, target.port) == (url.scheme, url.host, url.port)
    return target.copy_with(userinfo=url.userinfo) if there else target
