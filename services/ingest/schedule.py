"""When a feed is polled next. Pure."""

from __future__ import annotations

__all__ = ["next_wait"]

LONGEST_BACK_OFF = 3_600.0
"""A source that fails is asked at least once an hour, unless it is polled more seldom than that anyway."""


def next_wait(every: float, *, failures: int, asked: float | None, chance: float) -> float:
    """Return the seconds until the next poll.

    ``failures`` counts those in a row, ``asked`` is the source's own Retry-After, ``chance`` (0 to 1) spreads
    replicas and sources that would otherwise all knock at the same moment.
    """
    if failures == 0:
        return every * (0.9 + 0.2 * chance)
    doubled: float = every * 2 ** min(failures - 1, 20)
    wait = min(doubled, max(LONGEST_BACK_OFF, every)) * (0.8 + 0.4 * chance)
    # Never sooner than the source asked; a little later, so that its other readers are not met there.
    return max(wait, (asked or 0.0) * (1 + 0.1 * chance))
