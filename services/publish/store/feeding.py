"""The site store, as feeds and sitemaps read it. Each query is bounded, and has an index behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, exists, func, literal_column, select

from services.publish.store.database import Database
from services.publish.store.reading import TEASER, Teaser, teaser_of
from services.publish.store.tables import USABLE, label, revision, story
from shared.article import Article, Change, Kind, PubStatus

__all__ = ["FeedReader", "Mapped", "Told", "Tombstone"]

Told = tuple[Teaser, Article]
RECENT_CORRECTIONS = 200
"""A feed looks at so many for those that are its own."""
MOST_DISTINCT = 5_000
_GONE = story.c.status != literal_column(f"'{PubStatus.USABLE}'")
_CORRECTED = story.c.corrected.is_not(None)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A story that is off the site, by name alone. ``since`` is milliseconds since 1970."""

    story_id: str
    since: int
    killed: bool
    """Else withheld: it may come back."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A story as a sitemap needs it. ``modified`` is milliseconds since 1970."""

    story_id: str
    slug: str
    modified: int


class FeedReader:
    """Queries for feeds and sitemaps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arrived(self, limit: int, corrections: int, *, section: str | None = None) -> list[Told]:
        """Return the stories that came last, of the site or of one section, whatever date they carry.

        After them stand those corrected last that came before them: who follows a feed has read what was wrong.
        """
        own = USABLE if section is None else and_(USABLE, story.c.section == section)
        newest = select(*TEASER, story.c.article).where(own).order_by(story.c.appeared.desc()).limit(limit)
        return self._with_corrections(newest, own, corrections)

    def labelled(self, kind: str, key: str, limit: int, corrections: int) -> list[Told]:
        """Return the newest stories about one topic, place, person or organisation, and those corrected last."""
        this = and_(label.c.kind == kind, label.c.key == key)
        by_date = select(label.c.story_id).where(this).order_by(label.c.published.desc(), label.c.story_id.desc())
        newest = by_date.limit(limit).subquery()
        query = select(*TEASER, story.c.article).join(newest, newest.c.story_id == story.c.story_id)
        ordered = query.where(USABLE).order_by(story.c.published.desc(), story.c.story_id.desc())
        return self._with_corrections(ordered, exists().where(label.c.story_id == story.c.story_id, this), corrections)

    def label_name(self, kind: str, key: str) -> str | None:
        """Return what the newest story calls it, or None where no story is about it."""
        query = select(label.c.name).where(label.c.kind == kind, label.c.key == key)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(label.c.published.desc(), label.c.story_id.desc()).limit(1))

    def correction_notes(self, story_ids: Collection[str]) -> dict[str, str]:
        """Return what the latest correction of each story says of itself to editors; empty where it says nothing."""
        if not story_ids:
            return {}
        query = select(revision.c.story_id, revision.c.article).where(revision.c.story_id.in_(story_ids))
        query = query.where(revision.c.change == Change.CORRECTION, revision.c.status == PubStatus.USABLE)
        query = query.where(revision.c.article.is_not(None)).order_by(revision.c.revision)
        with self._database.reading() as connection:
            latest = {row.story_id: row.article for row in connection.execute(query)}
        return {name: Article.model_validate_json(text).ed_note or "" for name, text in latest.items()}

    def gone(self, limit: int) -> list[Tombstone]:
        """Return the stories that left the site last and have not come back, the latest first."""
        columns = story.c["story_id", "modified", "status"]
        query = select(*columns).where(_GONE).order_by(story.c.sequence.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Tombstone(row.story_id, row.modified, row.status == PubStatus.CANCELED) for row in rows]

    def published_since(self, moment: int, limit: int) -> list[Teaser]:
        """Return the newest stories by their date, none from before ``moment``."""
        query = select(*TEASER).where(USABLE, story.c.published > moment)
        ordered = query.order_by(story.c.published.desc(), story.c.story_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [teaser_of(row) for row in connection.execute(ordered)]

    def parts(self, size: int) -> list[tuple[int, int]]:
        """Return each run of ``size`` story numbers that has a story, counted from 0, and when one of it last changed.

        This reads the whole index of numbers, one entry for each story, and no story.
        """
        run: ColumnElement[int] = literal_column(f"(number - 1) / {size:d}")
        # The bound says nothing, and has SQLite take the index that is in this order.
        query = select(run, func.max(story.c.modified)).where(USABLE, story.c.number > 0).group_by(run).order_by(run)
        with self._database.reading() as connection:
            return [(int(row[0]), int(row[1])) for row in connection.execute(query)]

    def mapped(self, numbers: range) -> list[Mapped]:
        """Return the stories with these numbers, in their order."""
        query = select(*story.c["story_id", "slug", "modified"]).where(USABLE)
        query = query.where(story.c.number.between(numbers.start, numbers.stop - 1)).order_by(story.c.number)
        with self._database.reading() as connection:
            return [Mapped(*row) for row in connection.execute(query)]

    def sections(self) -> list[str]:
        """Return the sections that have a story, by the alphabet."""
        return self._distinct(story.c.section, USABLE)

    def label_keys(self, kind: Kind) -> list[str]:
        """Return the keys of one kind that have a story, in their order; at most 5,000."""
        return self._distinct(label.c.key, label.c.kind == kind.value)

    def _distinct(self, column: Column[Any], among: ColumnElement[bool]) -> list[str]:
        """Return the values of an index's column, leaping from one to the next: DISTINCT would read every entry."""
        found = select(func.min(column).label("value")).where(among).cte("found", recursive=True)
        following = select(func.min(column)).where(among, column > found.c.value).scalar_subquery()
        found = found.union_all(select(following).where(found.c.value.is_not(None)))
        with self._database.reading() as connection:
            rows = connection.scalars(select(found.c.value).where(found.c.value.is_not(None)).limit(MOST_DISTINCT))
            return list(rows)

    def _with_corrections(self, newest: Select[Any], own: ColumnElement[bool], limit: int) -> list[Told]:
        newest_corrections = select(story.c.story_id).where(_CORRECTED).order_by(story.c.corrected.desc())
        # Aliased, so that either database begins with these few and not with all that is the feed's own.
        recent = newest_corrections.limit(RECENT_CORRECTIONS).subquery()
        corrected = select(*TEASER, story.c.article).join(recent, recent.c.story_id == story.c.story_id).where(own)
        corrected = corrected.order_by(story.c.corrected.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = {row.story_id: row for row in connection.execute(corrected)}
            rows = {row.story_id: row for row in (*connection.execute(newest), *rows.values())}
        return [(teaser_of(row), Article.model_validate_json(row.article)) for row in rows.values()]
