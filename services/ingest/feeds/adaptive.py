"""How often a source is asked, learned from how often it has something new. Pure."""

from __future__ import annotations

__all__ = ["interval", "learned"]

QUICK = 0.5
SLOW = 0.1
LONGEST_GAP = 7 * 86_400.0


def learned(gap: float, since: float, *, fresh: int) -> float:
    """Return the seconds between two new entries as now believed.

    ``gap`` is what was believed, ``since`` the seconds since the last poll that found something new, and ``fresh``
    counts the new entries of this one. Half of what speaks for a shorter gap is believed at once, a tenth of what
    speaks for a longer one: to ask once too often costs a 304, to ask too late costs a kill.
    """
    seen = since / max(fresh, 1)
    if seen >= gap:
        return min(gap + SLOW * (seen - gap), LONGEST_GAP)
    # Nothing new, and none was to be expected yet, says nothing.
    return gap + QUICK * (seen - gap) if fresh else gap


def interval(gap: float, *, fastest: float, slowest: float) -> float:
    """Return the seconds between polls: half a gap, so that an entry waits for a quarter of one on average."""
    return min(max(gap / 2, fastest), max(slowest, fastest))
