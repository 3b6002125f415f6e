"""Where a story is filed, as words that no text has: with them a search finds its section, provider and days. Pure.

They make a search fast and decide nothing: what they let through is held against the story itself.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

__all__ = ["filed", "of_provider", "of_section", "within"]

FIRST = date(1970, 1, 1)
LAST = date(2199, 12, 31)
"""Days before and after count as these."""


def filed(section: str, provider: str, published: int) -> tuple[str, ...]:
    """Return the words of a story; ``published`` is in milliseconds since 1970."""
    day = _day(published)
    return (of_section(section), of_provider(provider), _of_year(day), _of_month(day), _of_day(day))


def of_section(section: str) -> str:
    """Return the word of the stories of a section."""
    return f"s{_digest(section)}"


def of_provider(provider: str) -> str:
    """Return the word of the stories of a provider."""
    return f"p{_digest(provider)}"


def within(first: int | None, last: int | None) -> tuple[str, ...]:
    """Return words of which every story from ``first`` to ``last`` has one, by whole years and months if it can be.

    Both are milliseconds since 1970, or None for no bound.
    """
    start, end = (FIRST if first is None else _day(first)), (LAST if last is None else _day(last))
    found: list[str] = []
    while start <= end:
        if (start.month, start.day) == (1, 1) and start.replace(month=12, day=31) <= end:
            found.append(_of_year(start))
            start = _next(start.replace(month=12, day=31))
        elif start.day == 1 and _end_of_month(start) <= end:
            found.append(_of_month(start))
            start = _next(_end_of_month(start))
        else:
            found.append(_of_day(start))
            start = _next(start)
    return tuple(found)


def _day(milliseconds: int) -> date:
    bounded = min(max(milliseconds, 0), 7_258_118_399_999)  # the last of LAST
    return datetime.fromtimestamp(bounded / 1000, UTC).date()


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _of_year(day: date) -> str:
    return f"y{day:%Y}"


def _of_month(day: date) -> str:
    return f"m{day:%Y%m}"


def _of_day(day: date) -> str:
    return f"d{day:%Y%m%d}"


def _digest(name: str) -> str:
    return hashlib.blake2s(name.encode("utf-8", "replace"), digest_size=8).hexdigest()
