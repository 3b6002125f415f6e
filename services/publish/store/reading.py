"""The site store, as the web process reads it. Only what is usable comes out with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Select, and_, literal_column, or_, select

from services.publish.store.database import Database
from services.publish.store.tables import counter, story
from shared.article import Article, PubStatus

__all__ = ["Cursor", "Held", "Reader", "Teaser"]

_CURSOR = re.compile(r"([0-9]{1,16})-([0-9a-z]{1,64})")


@dataclass(frozen=True, slots=True)
class Teaser:
    """What a list shows of a story. Moments are milliseconds since 1970."""

    story_id: str
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


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds of one story; ``teaser`` and ``article`` only while it is usable."""

    status: PubStatus
    since: int
    teaser: Teaser | None
    article: Article | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list by date, newest first: the last story that was shown."""

    published: int
    story_id: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        found = _CURSOR.fullmatch(text)
        return cls(int(found[1]), found[2]) if found else None

    @classmethod
    def after(cls, teaser: Teaser) -> Self:
        return cls(teaser.published, teaser.story_id)

    def __str__(self) -> str:
        return f"{self.published}-{self.story_id}"


_TEASER = tuple(story.c[name] for name in Teaser.__dataclass_fields__)
# Written out, not bound: PostgreSQL takes a partial index only for a condition that it can read in the query.
_USABLE = story.c.status == literal_column(f"'{PubStatus.USABLE}'")


class Reader:
    """Queries for pages. Each is bounded and has an index behind it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def edition(self) -> int:
        """Return the number that moves with anything a reader can see."""
        with self._database.reading() as connection:
            return int(connection.scalar(select(counter.c.value).where(counter.c.name == "edition")) or 0)

    def latest(self, limit: int, *, section: str | None = None, before: Cursor | None = None) -> list[Teaser]:
        """Return the newest stories by their date, of one section or all, older than the cursor."""
        query = select(*_TEASER).where(_USABLE)
        if section is not None:
            query = query.where(story.c.section == section)
        if before is not None:
            same_moment = and_(story.c.published == before.published, story.c.story_id < before.story_id)
            query = query.where(or_(story.c.published < before.published, same_moment))
        return self._teasers(query.order_by(story.c.published.desc(), story.c.story_id.desc()).limit(limit))

    def arrivals(self, limit: int) -> list[Teaser]:
        """Return the stories that came to the site last, whatever date they carry."""
        return self._teasers(select(*_TEASER).where(_USABLE).order_by(story.c.appeared.desc()).limit(limit))

    def arrived_articles(self, limit: int) -> list[tuple[Teaser, Article]]:
        """As :meth:`arrivals`, with the copy."""
        query = select(*_TEASER, story.c.article).where(_USABLE).order_by(story.c.appeared.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [(_teaser(row), Article.model_validate_json(row.article)) for row in rows]

    def story(self, story_id: str) -> Held | None:
        """Return what is held of a story, or None for one that was never heard of."""
        query = select(*_TEASER, story.c.status, story.c.article).where(story.c.story_id == story_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.status != PubStatus.USABLE:
            return Held(PubStatus(row.status), row.modified, None, None)
        return Held(PubStatus.USABLE, row.modified, _teaser(row), Article.model_validate_json(row.article))

    def _teasers(self, query: Select[Any]) -> list[Teaser]:
        with self._database.reading() as connection:
            return [_teaser(row) for row in connection.execute(query)]


def _teaser(row: Any) -> Teaser:
    names: Iterable[str] = Teaser.__dataclass_fields__
    return Teaser(**{name: getattr(row, name) for name in names})
