"""What the store says that readers should find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from services.publish.slug import story_path
from services.publish.store.database import Database
from services.publish.store.tables import story
from shared.article import PubStatus

__all__ = ["Truth", "truths"]

A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Truth:
    """One story. Moments are milliseconds since 1970; path, headline and date are empty for one off the site."""

    story_id: str
    number: int
    status: PubStatus
    path: str
    headline: str
    published: int
    modified: int
    day: str | None

    @property
    def is_live(self) -> bool:
        return self.status is PubStatus.USABLE


def truths(database: Database) -> Iterator[Truth]:
    """Yield every story that the store knows, in the order in which they first came."""
    after = 0
    columns = story.c["story_id", "number", "status", "slug", "headline", "published", "modified", "day"]
    while True:
        with database.reading() as connection:
            rows = connection.execute(
                select(*columns).where(story.c.number > after).order_by(story.c.number).limit(A_PAGE)
            ).all()
        if not rows:
            return
        for row in rows:
            live = row.status == PubStatus.USABLE
            yield Truth(
                story_id=row.story_id,
                number=row.number,
                status=PubStatus(row.status),
                path=story_path(row.slug, row.story_id) if live else f"/story/{row.story_id}",
                headline=row.headline or "",
                published=row.published or 0,
                modified=row.modified or 0,
                day=row.day,
            )
        after = rows[-1].number
