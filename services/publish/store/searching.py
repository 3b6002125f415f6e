"""The site store, as a search reads it: a page of what is found, and the words that a question may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, literal_column, select, table, text

from services.publish.search.filing import of_provider, of_section, within
from services.publish.search.matching import Depth, Match, depths_of, fts5_match, tsquery_match
from services.publish.search.question import Question
from services.publish.store.database import Database
from services.publish.store.reading import TEASER, Cursor, Teaser, teaser_of
from services.publish.store.tables import USABLE, label, story
from shared.article import Article

__all__ = ["Filters", "Found", "Place", "SearchReader", "matching"]

LEARNT_FROM = 1_500
"""Newest stories whose headlines and names are the words that a question may have meant."""
MOST_NAMES = 15_000
_SEARCH = table("search")


@dataclass(frozen=True, slots=True)
class Filters:
    """Moments are milliseconds since 1970; ``last`` still belongs to it."""

    first: int | None = None
    last: int | None = None
    section: str | None = None
    provider: str | None = None

    def filed(self) -> tuple[tuple[str, ...], ...]:
        """Return the words of the index that a story has one of, for each filter."""
        found: list[tuple[str, ...]] = []
        if self.section is not None:
            found.append((of_section(self.section),))
        if self.provider is not None:
            found.append((of_provider(self.provider),))
        if self.first is not None or self.last is not None:
            found.append(within(self.first, self.last))
        return tuple(found)

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.first is not None:
            yield story.c.published >= self.first
        if self.last is not None:
            yield story.c.published <= self.last
        if self.section is not None:
            yield story.c.section == self.section
        if self.provider is not None:
            yield story.c.provider == self.provider


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the best ends: its last story, and where in that the words stood."""

    depth: Depth
    before: Cursor

    def __str__(self) -> str:
        return f"{self.depth.value}-{self.before}"

    @classmethod
    def parse(cls, value: str) -> Place | None:
        depth, _, number = value.partition("-")
        cursor = Cursor.parse(number)
        known = depth in {str(level.value) for level in Depth}
        return cls(Depth(int(depth)), cursor) if known and cursor else None


@dataclass(frozen=True, slots=True)
class Found:
    teaser: Teaser
    article: Article
    place: Place


class SearchReader:
    """Queries for searches. They stop at a page, however many stories have the words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def best(self, question: Question, filters: Filters, limit: int, *, after: Place | None = None) -> list[Found]:
        """Return what has the words in the headline, then elsewhere; each newest first, by arrival."""
        found: list[Found] = []
        with self._database.reading() as connection:
            for depth in depths_of(question):
                if len(found) == limit or (after is not None and depth < after.depth):
                    continue
                before = after.before if after is not None and depth == after.depth else None
                query = matching(connection, Match(question, depth, filters.filed()), filters, before)
                found += _found(connection, query.limit(limit - len(found)), depth)
        return found

    def newest(self, question: Question, filters: Filters, limit: int, *, before: Cursor | None = None) -> list[Found]:
        """Return what has the words anywhere, newest first, by arrival."""
        with self._database.reading() as connection:
            query = matching(connection, Match(question, None, filters.filed()), filters, before)
            return _found(connection, query.limit(limit), Depth.ANYWHERE)

    def vocabulary(self) -> Iterator[str]:
        """Yield the headlines of the newest stories and the names of what they are about."""
        newest = select(story.c.story_id, story.c.headline).where(USABLE)
        newest = newest.order_by(story.c.published.desc(), story.c.story_id.desc()).limit(LEARNT_FROM)
        recent = newest.subquery()
        names = select(label.c.name).join(recent, recent.c.story_id == label.c.story_id).limit(MOST_NAMES)
        with self._database.reading() as connection:
            yield from [row.headline for row in connection.execute(newest)]
            yield from dict.fromkeys(connection.scalars(names))


def matching(
    connection: Connection,
    match: Match,
    filters: Filters,
    before: Cursor | None,
    columns: Iterable[Column[Any]] = (*TEASER, story.c.article),
) -> Select[Any]:
    """Return the query for these columns of ``story``, where it matches, newest first by arrival."""
    if connection.dialect.name == "sqlite":
        query = _in_sqlite(match, before, columns)
    else:
        query = _in_postgresql(connection, match, before, columns)
    return query.where(USABLE, *filters.conditions())


def _in_sqlite(match: Match, before: Cursor | None, columns: Iterable[Column[Any]]) -> Select[Any]:
    """FTS5 goes through what it finds from the newest on, and stops with the query."""
    number: ColumnElement[int] = literal_column("search.rowid")
    query = select(*columns).select_from(_SEARCH.join(story, story.c.number == number))
    query = query.where(text("search MATCH :match").bindparams(match=fts5_match(match)))
    if before is not None:
        query = query.where(number < before.number)
    return query.order_by(number.desc())


def _in_postgresql(
    connection: Connection, match: Match, before: Cursor | None, columns: Iterable[Column[Any]]
) -> Select[Any]:
    """The index gives the numbers of all that matches, and only the newest of those are looked up.

    Left to itself PostgreSQL goes through the stories, newest first, and compares each, at the price of one comparison
    of numbers as it believes: among 100,000 that took a second for a word that few have. So it is told not to.
    """
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    number: ColumnElement[int] = literal_column("search.number")
    found = select(number.label("number")).select_from(_SEARCH)
    found = found.where(text("search.words @@ CAST(:match AS tsquery)").bindparams(match=tsquery_match(match)))
    if before is not None:
        found = found.where(number < before.number)
    matched = found.cte("matched").prefix_with("MATERIALIZED")
    ordered = select(matched.c.number).order_by(matched.c.number.desc()).offset(0).subquery("ordered")
    query = select(*columns).select_from(ordered.join(story, story.c.number == ordered.c.number))
    return query.order_by(ordered.c.number.desc())


def _found(connection: Connection, query: Select[Any], depth: Depth) -> list[Found]:
    return [_of_row(row, depth) for row in connection.execute(query)]


def _of_row(row: Any, depth: Depth) -> Found:
    teaser = teaser_of(row)
    return Found(teaser, Article.model_validate_json(row.article), Place(depth, Cursor.after(teaser)))
