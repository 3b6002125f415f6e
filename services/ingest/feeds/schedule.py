"""When a feed is polled next. Pure."""

from __future__ import annotations

from services.ingest.feeds.circuit import is_open

__all__ = ["next_wait"]

LONGEST_BACK_OFF = 3_600.0
"""A source that fails is asked at least once an hour, unless it is polled more seldom than that anyway."""


def next_wait(interval: float, *, strain: int, asked: float | None, chance: float) -> float:
    """Return the seconds until the next poll.

    ``strain`` weighs the failures in a row (:mod:`services.ingest.feeds.circuit`), ``asked`` is the source's own word
    (Retry-After, or how long its answer stays fresh), ``chance`` (0 to 1) spreads replicas and sources that would
    otherwise all knock at the same moment.
    """
    wait = interval * (0.9 + 0.2 * chance) if strain == 0 else _back_off(interval, strain) * (0.8 + 0.4 * chance)
    # Never sooner than the source asked; a little later, so that its other readers are not met there.
    return max(wait, (asked or 0.0) * (1 + 0.1 * chance))


def _back_off(interval: float, strain: int) -> float:
    longest = max(LONGEST_BACK_OFF, interval)
    return longest if is_open(strain) else min(interval * float(2 ** (strain - 1)), longest)
