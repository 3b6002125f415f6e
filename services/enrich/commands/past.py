"""Articles to look back at: the newest revision of each story, from the published topic and the shelf, or from a file.

Nothing here writes. What is read is one story at a time, so a week of copy needs no more memory than a day of it.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from redis.asyncio import Redis

from services.enrich.shelf import Shelf
from shared.article import Article, Change
from shared.events import ArticlePublished, InvalidEvent
from shared.topics import ARTICLE_PUBLISHED

__all__ = ["NotArticles", "in_file", "in_redis", "story_in_redis"]

PAGE = 200
GONE = {Change.KILL, Change.WITHHOLD}


class NotArticles(ValueError):
    """A file that does not hold an article a line. The message says where."""


def in_file(path: str, since: datetime | None) -> list[Article]:
    """Return the articles of an NDJSON file (``-``: standard input), by story.

    Raises:
        NotArticles: a line that is none.
    """
    newest: dict[str, Article] = {}
    for article in _lines(path):
        known = newest.get(article.newsroom.story_id)
        if known is None or known.newsroom.revision <= article.newsroom.revision:
            newest[article.newsroom.story_id] = article
    kept = (article for _, article in sorted(newest.items()) if not since or article.newsroom.received >= since)
    return [article for article in kept if article.newsroom.change not in GONE]


def _lines(path: str) -> Iterator[Article]:
    with nullcontext(sys.stdin) if path == "-" else Path(path).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield Article.model_validate_json(line)
                except ValidationError as error:
                    raise NotArticles(f"{path}:{number}: {error.errors()[0]['msg']}") from error


async def in_redis(redis: Redis, since: datetime | None, story: str | None = None) -> AsyncIterator[Article]:
    """Yield what lies on the shelf, then what was published since, the newest first; of one story alone at need."""
    seen: set[str] = set()
    for held in await Shelf(redis, replica="desk").all():
        newsroom = held.event.data.newsroom
        if story in {None, newsroom.story_id} and (since is None or newsroom.received >= since):
            seen.add(newsroom.story_id)
            yield held.event.data
    async for fields in _published(redis, since):
        subject = fields.get(b"subject", b"").decode("utf-8", "replace")
        if subject in seen or story not in {None, subject}:
            continue
        seen.add(subject)
        try:
            article = ArticlePublished.from_fields(fields).data
        except InvalidEvent as error:
            sys.stderr.write(f"{subject or 'an entry'}: left out: {error.code}\n")
            continue
        if article.newsroom.change not in GONE:
            yield article


async def story_in_redis(redis: Redis, story_id: str) -> Article | None:
    """Return the newest revision of a story, held or published; None where there is none, or it was taken away."""
    async for article in in_redis(redis, None, story_id):
        return article
    return None


async def _published(redis: Redis, since: datetime | None) -> AsyncIterator[dict[bytes, bytes]]:
    oldest = str(int(since.timestamp() * 1000)) if since else "-"
    before = "+"
    while page := await redis.xrevrange(ARTICLE_PUBLISHED.stream(), before, oldest, count=PAGE):
        for entry_id, fields in cast("list[tuple[bytes, dict[bytes, bytes]]]", page):
            before = f"({entry_id.decode()}"
            yield fields
