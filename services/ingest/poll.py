"""One poll of one feed: fetch, admit what is new in it, and only then move the cursor."""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import replace
from datetime import UTC, datetime

from services.ingest.admit import Admission, RefusedCopy
from services.ingest.cursor import Cursor, FeedCursors
from services.ingest.fetch import Fetched, Fetcher, SourceUnavailable
from services.ingest.identity import fingerprint, story_id
from services.ingest.items import Item, Warned
from services.ingest.metrics import ENTRIES_UNCHANGED, POLLS
from services.ingest.received import Copy, Taken
from services.ingest.schedule import next_wait
from services.ingest.settings import Source
from shared.events import Outcome
from shared.logs import get_logger

__all__ = ["FeedPoll"]

SEALED = ":sealed"

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
    ) -> None:
        self.name = name
        self.url = str(config.feed)
        self._config = config
        self._every = config.every or every
        self._fetcher = fetcher
        self._cursors = cursors
        self._admission = admission

    async def wait_seconds(self) -> float:
        """Return the seconds until the next poll is due. A shorter ``every`` in the configuration counts at once."""
        cursor = await self._cursors.load(self.name, self.url)
        wait = cursor.due_ms / 1000 - time.time()
        return max(0.0, wait if cursor.failures else min(wait, self._every * 1.1))

    async def poll(self) -> None:
        """Poll once.

        Raises:
            SourceGone: the source is not to be asked again.
            RedisError, OSError, StoryContended: nothing was moved; poll again.
        """
        cursor = await self._cursors.load(self.name, self.url)
        try:
            fetched = await self._fetcher.fetch(
                self.url, etag=cursor.etag or None, last_modified=cursor.last_modified or None
            )
        except SourceUnavailable as error:
            await self._put_off(cursor, error.code, error.detail, asked=error.retry_after)
            return
        sha256 = hashlib.sha256(fetched.body).hexdigest() if fetched else ""
        if fetched is None or sha256 == cursor.sha256:
            POLLS.labels(self.name, "not_modified").inc()
            log.debug("source_not_modified", source=self.name)
            await self._cursors.save(self.name, self._due(cursor))
            return
        await self._take(cursor, fetched, sha256)

    async def _take(self, cursor: Cursor, fetched: Fetched, sha256: str) -> None:
        copy = Copy(
            source=self.name,
            config=self._config,
            body=fetched.body,
            content_type=fetched.content_type,
            url=fetched.url,
        )
        try:
            taken = await self._admission.take(copy)
        except RefusedCopy as refused:
            # It is in the books, so the same bytes need not be refused at every poll; the source is asked again.
            await self._put_off(replace(cursor, sha256=sha256), refused.code, refused.detail)
            return
        listing, waiting = await self._admit_new(taken)
        moved = Cursor(url=self.url)
        if not waiting:
            moved = replace(moved, etag=fetched.etag or "", last_modified=fetched.last_modified or "", sha256=sha256)
        POLLS.labels(self.name, "taken").inc()
        await self._cursors.save(self.name, self._due(moved), listing)

    async def _admit_new(self, taken: Taken) -> tuple[dict[str, str], bool]:
        """Admit what the last listing did not have.

        Returns the listing, and whether something in it waits for its embargo to lift: the same body must then be
        looked at again, so the source is not told that we have it.
        """
        seen = await self._cursors.seen(self.name)
        listing: dict[str, set[str]] = {}
        waiting = False
        unchanged = 0
        for index, entry in in_order_of_time(taken):
            key, mark = mark_of(self.name, entry, now=taken.copy.received)
            if mark in seen.get(key, "").split():
                unchanged += 1
            else:
                result = await self._admission.admit(taken, index, entry)
                if result.outcome is Outcome.HELD:
                    mark = mark.removesuffix(SEALED) + SEALED
            waiting = waiting or mark.endswith(SEALED)
            listing.setdefault(key, set()).add(mark)
        ENTRIES_UNCHANGED.labels(self.name).inc(unchanged)
        log.info("feed_taken", source=self.name, entries=len(taken.entries), unchanged=unchanged, raw=taken.raw)
        return {key: " ".join(sorted(marks)) for key, marks in listing.items()}, waiting

    async def _put_off(self, cursor: Cursor, code: str, detail: str, *, asked: float | None = None) -> None:
        due = self._due(cursor, failures=cursor.failures + 1, asked=asked)
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

    def _due(self, cursor: Cursor, *, failures: int = 0, asked: float | None = None) -> Cursor:
        chance = random.random()  # noqa: S311 - it spreads polls over time, it guards nothing
        wait = next_wait(self._every, failures=failures, asked=asked, chance=chance)
        return replace(cursor, failures=failures, due_ms=int((time.time() + wait) * 1000))


def in_order_of_time(taken: Taken) -> list[tuple[int, Item | Warned]]:
    """Return the numbered entries oldest first: feeds list the newest first, and readers are told in order."""

    def moment(numbered: tuple[int, Item | Warned]) -> tuple[float, int]:
        index, entry = numbered
        told = (entry.modified or entry.published) if isinstance(entry, Item) else None
        return (told or taken.copy.received).timestamp(), -index

    return sorted(enumerate(taken.entries), key=moment)


def mark_of(source: str, entry: Item | Warned, *, now: datetime) -> tuple[str, str]:
    """Return the key of an entry in its listing, and what tells this state of it from another.

    An entry under embargo has another mark once the embargo has lifted, so that it is then looked at again.
    """
    if isinstance(entry, Warned):
        return f"!{hashlib.sha256(entry.detail.encode('utf-8', 'replace')).hexdigest()[:16]}", entry.code
    lift = entry.embargoed_until
    sealed = entry.embargoed and (lift is None or lift.tzinfo is None or lift > now)
    return story_id(source, entry), f"{fingerprint(entry)}{SEALED if sealed else ''}"
