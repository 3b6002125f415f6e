"""A source's health, from what is remembered of it. Pure: rates by hour of the week, and how odd a silence is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.ingest.health.sequence import Sequence

__all__ = ["DECAY", "HOURS", "Health", "hour_of", "read_health", "silence_odds", "weekly_rates"]

HOURS = 168
DECAY = 0.8
"""What a week keeps of its weight when the next has passed: half of it is gone after three."""

HOUR_MS = 3_600_000
PRIOR_WEEKS = 0.05
"""Weight of the source's mean rate in each hour: a single quiet hour does not make a source that never speaks then."""

CLUMPING = 2.0
"""News comes in clumps. With chance alone (Poisson) the chance of an empty hour would be exp(-rate); copy of a busy
wire stays away for a while far more often than that, so the chance is that of a negative binomial of this shape."""

LEARNT_ITEMS = 20
LEARNT_HOURS = HOURS
IMPROBABLE = 1e-4
LONGEST_LOOK_BACK = 8 * HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is remembered of one source. Times are Unix milliseconds, 0 where there was none."""

    first_ms: int = 0
    reached_ms: int = 0
    item_ms: int = 0
    items: int = 0
    hours: Mapping[int, tuple[float, int]] = field(default_factory=dict)
    """Items in an hour of the week, and the week in which that was counted last."""
    errors: Mapping[str, int] = field(default_factory=dict)
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    closed: str = ""
    silent: bool = False


def hour_of(ms: int) -> tuple[int, int]:
    """Return the week since 1970 and the hour of it, from 0 on Thursday at midnight UTC."""
    return divmod(ms // HOUR_MS, HOURS)


def weekly_rates(health: Health, *, now_ms: int) -> list[float]:
    """Return the items that each hour of the week brings, as its own past weeks tell, the later ones more."""
    week = now_ms // HOUR_MS // HOURS
    items = [0.0] * HOURS
    for hour, (count, counted) in health.hours.items():
        items[hour] = count * DECAY ** max(week - counted, 0)
    weeks = [_weeks(health.first_ms // HOUR_MS, now_ms // HOUR_MS, hour) for hour in range(HOURS)]
    mean = sum(items) / max(sum(weeks), 1e-9)
    return [(i + PRIOR_WEEKS * mean) / (w + PRIOR_WEEKS) for i, w in zip(items, weeks, strict=True)]


def silence_odds(health: Health, *, now_ms: int) -> float:
    """Return how probable it is that no item came since the last one; 1 while too little is known of the source."""
    known = sum(count for count, _ in health.hours.values())
    if known < LEARNT_ITEMS or now_ms - health.first_ms < LEARNT_HOURS * HOUR_MS:
        return 1.0
    # As they were at the last item: a silence that taught its own rates would excuse itself.
    rates = weekly_rates(health, now_ms=health.item_ms)
    start = max(health.item_ms, now_ms - LONGEST_LOOK_BACK * HOUR_MS)
    log_odds = 0.0
    while start < now_ms:
        end = min((start // HOUR_MS + 1) * HOUR_MS, now_ms)
        rate = rates[start // HOUR_MS % HOURS]
        log_odds -= CLUMPING * math.log1p(rate / CLUMPING) * (end - start) / HOUR_MS
        start = end
    return math.exp(log_odds)


def read_health(fields: Mapping[str, str]) -> Health:
    """Read the hash ``ingest:health:{source}``."""
    hours: dict[int, tuple[float, int]] = {}
    errors: dict[str, int] = {}
    sequences: dict[str, Sequence] = {}
    for name, value in fields.items():
        kind, _, rest = name.partition(":")
        if kind == "hour":
            count, _, week = value.partition("@")
            hours[int(rest)] = (float(count), int(week))
        elif kind == "error":
            errors[rest] = int(value)
        elif kind == "sequence":
            sequences[rest] = Sequence.read(value)
    return Health(
        first_ms=int(fields.get("first", 0)),
        reached_ms=int(fields.get("reached", 0)),
        item_ms=int(fields.get("item", 0)),
        items=int(fields.get("items", 0)),
        hours=hours,
        errors=errors,
        sequences=sequences,
        closed=fields.get("closed", ""),
        silent="silent" in fields,
    )


def _weeks(first: int, now: int, hour: int) -> float:
    """Return how often the hour of the week was there from ``first`` to ``now``, decayed as its items are."""
    oldest, newest, week = -((hour - first) // HOURS), (now - hour) // HOURS, now // HOURS
    if newest < oldest:
        return 0.0
    return float(DECAY ** (week - newest) * (1 - DECAY ** (newest - oldest + 1)) / (1 - DECAY))
