"""The entries of a feed that its last listing did not have, admitted."""

from __future__ import annotations

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Taken
from services.ingest.feeds.cursor import FeedCursors
from services.ingest.feeds.listing import SEALED, in_order_of_time, mark_of
from services.ingest.metrics import ENTRIES_UNCHANGED
from shared.events import Outcome
from shared.logs import get_logger

__all__ = ["Entries"]

log = get_logger("ingest")


class Entries:
    """The entries of one source's feed."""

    def __init__(self, source: str, cursors: FeedCursors, admission: Admission) -> None:
        self._source = source
        self._cursors = cursors
        self._admission = admission

    async def admit_new(self, taken: Taken) -> tuple[dict[str, str], bool, int]:
        """Admit what the last listing did not have.

        Returns the listing, whether something in it waits for its embargo to lift, and how many entries were news.
        While one waits, the same body must be looked at again, so the source is not told that we have it.
        """
        seen = await self._cursors.seen(self._source)
        listing: dict[str, set[str]] = {}
        waiting = False
        unchanged = fresh = 0
        for index, entry in in_order_of_time(taken):
            key, mark = mark_of(self._source, entry, now=taken.copy.received)
            if mark in seen.get(key, "").split():
                unchanged += 1
            else:
                result = await self._admission.admit(taken, index, entry)
                fresh += result.outcome is Outcome.EMITTED
                if result.outcome is Outcome.HELD:
                    mark = mark.removesuffix(SEALED) + SEALED
            waiting = waiting or mark.endswith(SEALED)
            listing.setdefault(key, set()).add(mark)
        ENTRIES_UNCHANGED.labels(self._source).inc(unchanged)
        log.info("feed_taken", source=self._source, entries=len(taken.entries), unchanged=unchanged, raw=taken.raw)
        return {key: " ".join(sorted(marks)) for key, marks in listing.items()}, waiting, fresh
