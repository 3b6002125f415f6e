"""The site store by days, months and years, as they are where the site is.

A story of which the copy gave a day and no time belongs to that day, whatever moment stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, or_, select, union_all

from services.publish.store.database import Database
from services.publish.store.reading import TEASER, Cursor, Teaser, older_than, teaser_of
from services.publish.store.tables import USABLE, story

__all__ = ["ArchiveReader", "Span", "span_of"]

SLACK = 26 * 3_600_000
"""Milliseconds by which the moment of a story without a time of day may lie outside of its day: the zones' width."""
LOOKED_AT = 100
"""Stories next to a day that are looked at for the next day that has any."""
MOST_MONTHS = 1_200
_TIMED = story.c.day.is_(None)


@dataclass(frozen=True, slots=True)
class Span:
    """A day of the site, and its moments, in milliseconds since 1970; ``end`` is the next day's first."""

    day: date
    start: int
    end: int


def span_of(day: date, zone: ZoneInfo) -> Span:
    """Return the moments of a day in a zone: 23 or 25 hours where its clocks are changed."""
    return Span(day, _start(day, zone), _start(day + timedelta(days=1), zone))


class ArchiveReader:
    """Queries for the archive, in one zone. Each reads a stretch of the index by date."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    def of_day(self, day: date, limit: int, *, before: Cursor | None = None) -> list[Teaser]:
        """Return the stories of a day, newest first."""
        query = select(*TEASER).where(USABLE, *_within(span_of(day, self._zone)))
        if before is not None:
            query = query.where(older_than(before, story.c.published, story.c.story_id))
        query = query.order_by(story.c.published.desc(), story.c.story_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [teaser_of(row) for row in connection.execute(query)]

    def neighbours(self, day: date) -> tuple[date | None, date | None]:
        """Return the last day before and the first day after that have stories."""
        span, iso = span_of(day, self._zone), day.isoformat()
        earlier = or_(and_(_TIMED, story.c.published < span.start), story.c.day < iso)
        later = or_(and_(_TIMED, story.c.published >= span.end), story.c.day > iso)
        columns = select(story.c.published, story.c.day).where(USABLE).limit(LOOKED_AT)
        before = columns.where(earlier, story.c.published < span.start + SLACK).order_by(story.c.published.desc())
        after = columns.where(later, story.c.published >= span.start - SLACK).order_by(story.c.published)
        with self._database.reading() as connection:
            older = [self._day_of(row.published, row.day) for row in connection.execute(before)]
            newer = [self._day_of(row.published, row.day) for row in connection.execute(after)]
        return max(older, default=None), min(newer, default=None)

    def days(self, month: date) -> list[date]:
        """Return the days of a month that have stories; ``month`` is its first."""
        days = [month + timedelta(days=n) for n in range(31) if (month + timedelta(days=n)).month == month.month]
        questions = (
            select(literal(day.day).label("day")).where(
                exists(select(story.c.story_id).where(USABLE, *_within(span_of(day, self._zone))))
            )
            for day in days
        )
        with self._database.reading() as connection:
            found = set(connection.scalars(union_all(*questions)))
        return [day for day in days if day.day in found]

    def months(self) -> list[date]:
        """Return the first days of the months that have stories, newest first, by the stories' moments."""
        with self._database.reading() as connection:
            return list(self._months(connection))

    def _months(self, connection: Connection) -> Iterator[date]:
        """Leap from each month to the newest story before it: to read every story's date would take every story."""
        newest = select(func.max(story.c.published)).where(USABLE)
        published = connection.scalar(newest)
        for _ in range(MOST_MONTHS):
            if published is None:
                return
            month = self._day_of(published, None).replace(day=1)
            yield month
            published = connection.scalar(newest.where(story.c.published < _start(month, self._zone)))

    def _day_of(self, published: int, day: str | None) -> date:
        if day is not None:
            return date.fromisoformat(day)
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=published)).astimezone(self._zone).date()


def _start(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)


def _within(span: Span) -> Sequence[ColumnElement[bool]]:
    timed = and_(_TIMED, story.c.published >= span.start, story.c.published < span.end)
    return (
        story.c.published >= span.start - SLACK,
        story.c.published < span.end + SLACK,
        or_(timed, story.c.day == span.day.isoformat()),
    )
