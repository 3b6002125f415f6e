"""The site store, as the content API reads it: by date, words or change. Each query is bounded, with an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, exists, false, func, or_, select

from services.publish.search.matching import Match
from services.publish.search.question import Question
from services.publish.store.database import Database
from services.publish.store.reading import Cursor, older_than
from services.publish.store.searching import Filters as SearchFilters
from services.publish.store.searching import matching
from services.publish.store.tables import USABLE, counter, label, story
from shared.article import Article, Change, Kind, PubStatus

__all__ = ["Filters", "Finder", "Found", "Listing"]

_COLUMNS = story.c["story_id", "number", "sequence", "change", "status", "slug", "modified", "article"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What stories must have in common: all that is set. Moments are milliseconds since 1970."""

    section: str | None = None
    labels: tuple[tuple[Kind, str], ...] = ()
    """Kind and key of each."""
    provider: str | None = None
    since: int | None = None
    """Dated then or later."""
    until: int | None = None
    """Dated before then."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be between its moments."""
        return self.since is not None and self.until is not None and self.since >= self.until


@dataclass(frozen=True, slots=True)
class Found:
    """One story as it stands. ``article`` is None for one that is off the site."""

    story_id: str
    number: int
    sequence: int
    change: Change
    status: PubStatus
    slug: str
    modified: int
    article: Article | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list. ``sequence`` is one that it is at least as new as; ``more``: it goes on."""

    stories: tuple[Found, ...]
    sequence: int
    more: bool


class Finder:
    """Queries for the content API."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, filters: Filters, limit: int, *, before: Cursor | None = None) -> Listing:
        """Return the newest stories by their date, older than the cursor's."""
        query, published, story_id = _by_date(filters)
        if before is not None:
            query = query.where(older_than(before, published, story_id))
        return self._listing(lambda _: query.order_by(published.desc(), story_id.desc()), limit)

    def matching(self, question: Question, filters: Filters, limit: int, *, before: Cursor | None = None) -> Listing:
        """Return the stories that have the words, newest first by arrival."""
        if not question or filters.is_empty:
            return self._listing(lambda _: select(*_COLUMNS).where(false()), limit)
        narrowed = SearchFilters(
            first=filters.since,
            last=None if filters.until is None else filters.until - 1,
            section=filters.section,
            provider=filters.provider,
        )
        match = Match(question, None, narrowed.filed())
        conditions = _all_of(filters)
        return self._listing(lambda c: matching(c, match, narrowed, before, _COLUMNS).where(*conditions), limit)

    def changed(self, filters: Filters, limit: int, *, after: int) -> Listing:
        """Return what has changed since the sequence, in that order: each story once, as it stands now.

        Among them are the stories that have left the site, whatever the filters are: nothing is kept of a story that
        is off by which it could be told whether they held for it. The listing's sequence is the one to go on from.
        """
        query = select(*_COLUMNS).where(story.c.sequence > after, or_(~USABLE, and_(*_all_of(filters))))
        listing = self._listing(lambda _: query.order_by(story.c.sequence), limit)
        last = listing.stories[-1].sequence if listing.stories else 0
        sequence = last if listing.more else max(listing.sequence, last)
        return Listing(listing.stories, sequence, listing.more)

    def story(self, story_id: str) -> Found | None:
        """Return one story, on the site or off it, or None for one that was never heard of."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(story.c.story_id == story_id)).one_or_none()
        return None if row is None else _found(row)

    def labels(self, kind: Kind, limit: int, *, after: str = "") -> list[tuple[str, str]]:
        """Return keys of one kind that have a story, in their order, each with what its newest story calls it."""
        with self._database.reading() as connection:
            keys = connection.scalars(_keys(kind, after).limit(limit)).all()
            return [(key, _name(connection, kind, key)) for key in keys]

    def _listing(self, make: Callable[[Connection], Select[Any]], limit: int) -> Listing:
        with self._database.reading() as connection:
            # Read first: what is committed between the two is then in the list, and only told again.
            sequence = connection.scalar(select(counter.c.value).where(counter.c.name == "sequence")) or 0
            rows = connection.execute(make(connection).limit(limit + 1)).all()
        return Listing(tuple(map(_found, rows[:limit])), sequence, len(rows) > limit)


def _by_date(filters: Filters) -> tuple[Select[Any], Column[Any], Column[Any]]:
    """Return the stories, and the columns of the index that they are to be read from in order."""
    if not filters.labels:
        return select(*_COLUMNS).where(*_all_of(filters)), story.c.published, story.c.story_id
    kind, key = filters.labels[0]
    query = select(*_COLUMNS).join(label, label.c.story_id == story.c.story_id)
    query = query.where(label.c.kind == kind.value, label.c.key == key, *_all_of(filters))
    return query, label.c.published, label.c.story_id


def _all_of(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [USABLE]
    if filters.section is not None:
        conditions.append(story.c.section == filters.section)
    if filters.provider is not None:
        conditions.append(story.c.provider == filters.provider)
    if filters.since is not None:
        conditions.append(story.c.published >= filters.since)
    if filters.until is not None:
        conditions.append(story.c.published < filters.until)
    return conditions + [_has_label(kind, key) for kind, key in filters.labels]


def _has_label(kind: Kind, key: str) -> ColumnElement[bool]:
    own = label.alias()
    return exists().where(own.c.story_id == story.c.story_id, own.c.kind == kind.value, own.c.key == key)


def _keys(kind: Kind, after: str) -> Select[Any]:
    """Return the different keys, leaping in the index from one to the next: DISTINCT would read every entry."""
    of_kind = label.c.kind == kind.value
    found = select(func.min(label.c.key).label("key")).where(of_kind, label.c.key > after).cte("found", recursive=True)
    following = select(func.min(label.c.key)).where(of_kind, label.c.key > found.c.key).scalar_subquery()
    found = found.union_all(select(following).where(found.c.key.is_not(None)))
    return select(found.c.key).where(found.c.key.is_not(None))


def _name(connection: Connection, kind: Kind, key: str) -> str:
    query = select(label.c.name).where(label.c.kind == kind.value, label.c.key == key)
    newest = query.order_by(label.c.published.desc(), label.c.story_id.desc()).limit(1)
    return str(connection.scalar(newest) or key)


def _found(row: Any) -> Found:
    usable = row.status == PubStatus.USABLE
    return Found(
        story_id=row.story_id,
        number=row.number,
        sequence=row.sequence,
        change=Change(row.change),
        status=PubStatus(row.status),
        slug=row.slug or "",
        modified=row.modified,
        article=Article.model_validate_json(row.article) if usable else None,
    )
