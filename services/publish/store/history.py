"""The revisions of a story that count, as its history tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.publish.store.database import Database
from services.publish.store.standing import Revision, effective
from services.publish.store.tables import revision, story
from shared.article import Article, Change, PubStatus

__all__ = ["HistoryReader", "Shown", "versions_of"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One revision that counts. ``moment`` is when it was written, in milliseconds since 1970."""

    revision: int
    change: Change
    moment: int
    article: Article


class HistoryReader:
    """Reads what was kept of a story. Of one that is off the site, and of what a kill took away, there is nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shown(self, story_id: str, limit: int, *, before: int | None = None) -> list[Shown]:
        """Return the revisions that count, newest first, older than ``before``, with their copy."""
        with self._database.reading() as connection:
            counted = {r.revision: r for r in _counted(connection, story_id) if before is None or r.revision < before}
            wanted = sorted(counted, reverse=True)[:limit]
            query = select(revision.c.revision, revision.c.article).where(
                revision.c.story_id == story_id, revision.c.revision.in_(wanted), revision.c.article.is_not(None)
            )
            copy = {row.revision: row.article for row in connection.execute(query)}
        return [
            Shown(number, counted[number].change, counted[number].moment, Article.model_validate_json(copy[number]))
            for number in wanted
            if number in copy
        ]


def versions_of(database: Database, story_id: str) -> int:
    """Return how many revisions of a story have counted since it was last killed."""
    with database.reading() as connection:
        return len(_counted(connection, story_id))


def _counted(connection: Connection, story_id: str) -> list[Revision]:
    columns = revision.c["revision", "change", "status", "published", "moment"]
    on_the_site = select(story.c.story_id).where(story.c.story_id == story_id, story.c.status == PubStatus.USABLE)
    query = select(*columns).where(revision.c.story_id.in_(on_the_site.scalar_subquery()))
    known = sorted(
        Revision(row.revision, Change(row.change), PubStatus(row.status), row.published, row.moment)
        for row in connection.execute(query)
    )
    return _since_killed(list(effective(known)))


def _since_killed(counted: Sequence[Revision]) -> list[Revision]:
    """Return what was shown after the last kill."""
    kills = [place for place, r in enumerate(counted) if r.status is PubStatus.CANCELED]
    return [r for r in counted[kills[-1] + 1 if kills else 0 :] if r.status is PubStatus.USABLE]
