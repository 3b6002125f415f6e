"""What a reader would find otherwise than at an earlier edition: how whoever holds pages in memory learns of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.publish.store.database import Database
from services.publish.store.tables import counter, label, story
from shared.article import Change, PubStatus

__all__ = ["Changes", "Moved", "changes_since", "edition_of"]

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """One story as it stands now. Section, slug, headline and labels are empty for one that is off the site."""

    story_id: str
    edition: int
    sequence: int
    change: Change
    status: PubStatus
    is_new: bool
    """Whether its last sequence is the one that first showed it."""
    section: str
    slug: str
    headline: str
    labels: tuple[tuple[str, str], ...] = ()
    """Kind and key of each page that lists it."""


@dataclass(frozen=True, slots=True)
class Changes:
    edition: int
    moved: tuple[Moved, ...] = ()
    complete: bool = True
    """False: there are more than can be told one by one, and anything may have moved."""


def edition_of(database: Database) -> int:
    """Return the number that moves with anything a reader can see."""
    with database.reading() as connection:
        return _edition(connection)


def changes_since(database: Database, edition: int | None, *, at_once: int = AT_ONCE) -> Changes:
    """Return what has moved since ``edition``, all read at one moment. None: nothing is remembered, so nothing moved.

    An edition beyond the store's own is of a store that was put back: then anything may have moved.
    """
    with database.reading() as connection:
        now = _edition(connection)
        if edition is None or now == edition:
            return Changes(now)
        if now < edition:
            return Changes(now, complete=False)
        query = select(
            *story.c["story_id", "edition", "sequence", "change", "status", "appeared", "section", "slug", "headline"]
        )
        rows = connection.execute(
            query.where(story.c.edition > edition).order_by(story.c.edition, story.c.sequence).limit(at_once + 1)
        ).all()
        if len(rows) > at_once:
            return Changes(now, complete=False)
        labels = _labels(connection, [row.story_id for row in rows])
    moved = (
        Moved(
            story_id=row.story_id,
            edition=row.edition,
            sequence=row.sequence,
            change=Change(row.change),
            status=PubStatus(row.status),
            is_new=row.appeared == row.sequence,
            section=row.section or "",
            slug=row.slug or "",
            headline=row.headline or "",
            labels=tuple(labels[row.story_id]),
        )
        for row in rows
    )
    return Changes(now, tuple(moved))


def _edition(connection: Connection) -> int:
    return int(connection.scalar(select(counter.c.value).where(counter.c.name == "edition")) or 0)


def _labels(connection: Connection, story_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = select(label.c.story_id, label.c.kind, label.c.key).where(label.c.story_id.in_(story_ids))
    for row in connection.execute(query):
        found[row.story_id].append((row.kind, row.key))
    return found
