"""The site store, as the web process reads it. Only what is usable comes out with its words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from services.publish.store.changes import edition_of
from services.publish.store.database import Database
from services.publish.store.history import versions_of
from services.publish.store.labels import Label
from services.publish.store.tables import USABLE, label, revision, story
from shared.article import Article, Change, Kind, PubStatus

__all__ = ["TEASER", "Corrected", "Cursor", "Held", "Reader", "Teaser", "older_than", "teaser_of"]

_CURSOR = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class Teaser:
    """What a list shows of a story. Moments are milliseconds since 1970."""

    story_id: str
    number: int
    """Names the story as a number, by which a list goes on after it."""
    slug: str
    section: str
    headline: str
    summary: str
    provider: str
    urgency: int | None
    published: int
    day: str | None
    modified: int
    corrected: int | None
    picture: str | None = None
    """What a list shows of the leading picture (:mod:`services.publish.pictures.leading`)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds of one story; ``teaser`` and ``article`` only while it is usable."""

    status: PubStatus
    since: int
    teaser: Teaser | None
    article: Article | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction: when, in milliseconds since 1970, and what its copy's note to editors was."""

    moment: int
    note: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the number of the last story that was shown. What arrives later moves nothing below it."""

    number: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        return cls(int(text)) if _CURSOR.fullmatch(text) else None

    @classmethod
    def after(cls, teaser: Teaser) -> Self:
        return cls(teaser.number)

    def __str__(self) -> str:
        return str(self.number)


TEASER = tuple(story.c[name] for name in Teaser.__dataclass_fields__)
"""The columns that a teaser is made of."""


def older_than(cursor: Cursor, published: ColumnElement[Any], story_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of what follows the cursor's story in a list by date, newest first.

    The story may have left the site since: its row stays, and its revisions know where it stood.
    """
    stood = (
        select(revision.c.published)
        .where(revision.c.story_id == story.c.story_id, revision.c.status == PubStatus.USABLE)
        .order_by(revision.c.revision)
        .limit(1)
    )
    place = select(func.coalesce(story.c.published, stood.scalar_subquery()), story.c.story_id)
    return tuple_(published, story_id) < place.where(story.c.number == cursor.number).scalar_subquery()


class Reader:
    """Queries for pages. Each is bounded and has an index behind it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def edition(self) -> int:
        """Return the number that moves with anything a reader can see."""
        return edition_of(self._database)

    def latest(self, limit: int, *, section: str | None = None, before: Cursor | None = None) -> list[Teaser]:
        """Return the newest stories by their date, of one section or all, older than the cursor's."""
        query = select(*TEASER).where(USABLE)
        if section is not None:
            query = query.where(story.c.section == section)
        if before is not None:
            query = query.where(older_than(before, story.c.published, story.c.story_id))
        return self._teasers(query.order_by(story.c.published.desc(), story.c.story_id.desc()).limit(limit))

    def labelled(self, kind: str, key: str, limit: int, *, before: Cursor | None = None) -> list[Teaser]:
        """Return the newest stories about one topic, place, person or organisation."""
        query = select(*TEASER).join(label, label.c.story_id == story.c.story_id)
        query = query.where(label.c.kind == kind, label.c.key == key)
        if before is not None:
            query = query.where(older_than(before, label.c.published, label.c.story_id))
        return self._teasers(query.order_by(label.c.published.desc(), label.c.story_id.desc()).limit(limit))

    def label_name(self, kind: str, key: str) -> str | None:
        """Return what the newest story calls it, or None where no story is about it."""
        query = select(label.c.name).where(label.c.kind == kind, label.c.key == key)
        query = query.order_by(label.c.published.desc(), label.c.story_id.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def labels(self, story_id: str) -> list[Label]:
        """Return what a story is about, most so first: each has a page."""
        query = select(label.c.kind, label.c.key, label.c.name, label.c.relevance).where(label.c.story_id == story_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(label.c.relevance.desc(), label.c.kind, label.c.key)).all()
        return [Label(Kind(row.kind), row.key, row.name, row.relevance) for row in rows]

    def teasers(self, story_ids: Collection[str]) -> dict[str, Teaser]:
        """Return those of the stories that are on the site, by their names."""
        query = select(*TEASER).where(USABLE, story.c.story_id.in_(story_ids))
        return {teaser.story_id: teaser for teaser in self._teasers(query)}

    def arrivals(self, limit: int) -> list[Teaser]:
        """Return the stories that came to the site last, whatever date they carry."""
        return self._teasers(select(*TEASER).where(USABLE).order_by(story.c.appeared.desc()).limit(limit))

    def story(self, story_id: str) -> Held | None:
        """Return what is held of a story, or None for one that was never heard of."""
        query = select(*TEASER, story.c.status, story.c.article).where(story.c.story_id == story_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.status != PubStatus.USABLE:
            return Held(PubStatus(row.status), row.modified, None, None)
        return Held(PubStatus.USABLE, row.modified, teaser_of(row), Article.model_validate_json(row.article))

    def corrections(self, story_id: str, limit: int) -> list[Corrected]:
        """Return the corrections of a story that is on the site, the latest first. A kill leaves none before it."""
        query = select(revision.c.moment, revision.c.article).where(revision.c.story_id == story_id)
        query = query.where(revision.c.change == Change.CORRECTION, revision.c.status == PubStatus.USABLE)
        query = query.where(revision.c.article.is_not(None)).order_by(revision.c.revision.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Corrected(row.moment, Article.model_validate_json(row.article).ed_note or "") for row in rows]

    def versions(self, story_id: str) -> int:
        """Return how many versions of a story its history tells of."""
        return versions_of(self._database, story_id)

    def _teasers(self, query: Select[Any]) -> list[Teaser]:
        with self._database.reading() as connection:
            return [teaser_of(row) for row in connection.execute(query)]


def teaser_of(row: Any) -> Teaser:
    """Return the teaser of a row that has its columns, among others."""
    return Teaser(**{name: getattr(row, name) for name in Teaser.__dataclass_fields__})
