"""The next cursor of a feed from the last one and what a poll came to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.ingest.feeds.adaptive import interval, learned
from services.ingest.feeds.circuit import failure_of, is_open, strained
from services.ingest.feeds.cursor import Cursor
from services.ingest.feeds.schedule import next_wait

__all__ = ["Pace", "after_answer", "after_failure", "left_to_wait"]

NOT_ITS_DOING = "host_away"
"""The source was not asked: its host is away. That says nothing about the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the feed may be polled, in seconds."""

    fastest: float
    slowest: float

    def of(self, cursor: Cursor) -> float:
        """Return the seconds between polls. A feed that nothing is known of is polled as often as it may be."""
        return interval(cursor.gap, fastest=self.fastest, slowest=self.slowest)


def after_answer(
    cursor: Cursor, pace: Pace, *, now: float, fresh: int, fresh_seconds: float, at_least: float, chance: float
) -> Cursor:
    """Return the cursor after an answer with ``fresh`` new entries.

    ``fresh_seconds`` is what its caching headers ask for. ``at_least`` slows the polls of a feed that is delivered
    in another way as well.
    """
    gap = cursor.gap
    if cursor.changed_ms:
        gap = learned(gap or 2 * pace.fastest, max(now - cursor.changed_ms / 1000, 0.0), fresh=fresh)
    changed_ms = int(now * 1000) if fresh or not cursor.changed_ms else cursor.changed_ms
    learnt = replace(cursor, gap=round(gap, 3), changed_ms=changed_ms, failures=0, strain=0, code="")
    wait = next_wait(max(pace.of(learnt), at_least), strain=0, asked=fresh_seconds, chance=chance)
    return replace(learnt, due_ms=_ms(now + wait), floor_ms=_ms(now + fresh_seconds))


def after_failure(cursor: Cursor, pace: Pace, *, now: float, code: str, asked: float | None, chance: float) -> Cursor:
    """Return the cursor after a failure. What marks the version that we have stays."""
    floor_ms = _ms(now + (asked or 0.0))
    if code == NOT_ITS_DOING:
        return replace(cursor, code=code, floor_ms=floor_ms, due_ms=_ms(now + (asked or 0.0) * (1 + 0.5 * chance)))
    strain = strained(cursor.strain, failure_of(code))
    wait = next_wait(pace.of(cursor), strain=strain, asked=asked, chance=chance)
    return replace(
        cursor,
        failures=cursor.failures + 1,
        strain=strain,
        code=code,
        due_ms=_ms(now + wait),
        floor_ms=floor_ms,
        # A redirect that leads nowhere any more is forgotten: perhaps the address that we were given is back.
        moved="" if is_open(strain) else cursor.moved,
    )


def left_to_wait(cursor: Cursor, *, slowest: float, now: float) -> float:
    """Return the seconds until the next poll. A shorter interval in the configuration counts at once."""
    wait = cursor.due_ms / 1000 - now
    if not cursor.failures:
        wait = min(wait, slowest * 1.1)
    return max(wait, cursor.floor_ms / 1000 - now, 0.0)


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
