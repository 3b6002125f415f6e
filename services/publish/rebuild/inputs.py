"""What a site can be made again from: the revisions that a store keeps, or the topic that it was projected from."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from redis import Redis
from sqlalchemy import Row, select

from services.publish.store.database import Database
from services.publish.store.tables import counter, revision
from shared.article import Article, Newsroom, PubStatus
from shared.events import ArticleEnriched, InvalidEvent
from shared.topics import ARTICLE_ENRICHED

__all__ = ["arrived", "from_store", "from_topic"]

A_PAGE = 500


def arrived(database: Database) -> int:
    """Return how many revisions the store has taken."""
    with database.reading() as connection:
        return int(connection.scalar(select(counter.c.value).where(counter.c.name == "arrival")) or 0)


def from_store(database: Database, *, after: int) -> Iterator[list[Article]]:
    """Yield the revisions that the store keeps, in the order in which they came, from the arrival after ``after``."""
    query = select(revision).order_by(revision.c.arrival).limit(A_PAGE)
    while True:
        with database.reading() as connection:
            rows = connection.execute(query.where(revision.c.arrival > after)).all()
        if not rows:
            return
        yield [_article(row) for row in rows]
        after = rows[-1].arrival


def _article(row: Row[Any]) -> Article:
    """Return a revision as it was kept. Where a kill took the copy out, it has no words, and still its place."""
    if row.article and row.status == PubStatus.USABLE:
        return Article.model_validate_json(row.article)
    if row.article:
        # What is left of a story that is off the site has no date in it; the row has.
        return Article.model_validate_json(row.article).model_copy(update={"first_created": _at(row.published)})
    return Article(
        uri=f"urn:wireroom:story:{row.story_id}",
        first_created=_at(row.published),
        version_created=_at(row.moment),
        pub_status=row.status,
        newsroom=Newsroom(
            story_id=row.story_id,
            revision=row.revision,
            change=row.change,
            source="-",
            provider="-",
            received=_at(max(row.published, row.moment)),
        ),
    )


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def from_topic(redis: Redis) -> Iterator[list[Article]]:
    """Yield what the topic still holds, its lanes in one by time. What is no event is left out: it was set aside."""
    lanes = heapq.merge(*(_entries(redis, stream) for stream in ARTICLE_ENRICHED.streams), key=lambda entry: entry[0])
    page: list[Article] = []
    for _, fields in lanes:
        try:
            page.append(ArticleEnriched.from_fields(fields).data)
        except InvalidEvent:
            continue
        if len(page) == A_PAGE:
            yield page
            page = []
    if page:
        yield page


def _entries(redis: Redis, stream: str) -> Iterator[tuple[tuple[int, int], dict[bytes, bytes]]]:
    after = "-"
    while page := cast("list[tuple[bytes, dict[bytes, bytes]]]", redis.xrange(stream, after, "+", count=A_PAGE)):
        for entry_id, fields in page:
            time, number = entry_id.decode().split("-")
            yield (int(time), int(number)), fields
        after = f"({page[-1][0].decode()}"
