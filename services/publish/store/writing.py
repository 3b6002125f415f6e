"""The site store, as its one writer sees it: batches in, what became of each article out, one transaction a batch.

Everything is guarded by revision and replaces wholes, so a batch that comes twice, late or in another order leaves
the same site behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.publish.excerpt import excerpt, first_words
from services.publish.slug import section_key, slug_of
from services.publish.store.database import Database
from services.publish.store.fold import Applied, Book, Fold
from services.publish.store.standing import Revision, Standing
from services.publish.store.tables import counter, revision, story
from shared.article import Article, Change, PubStatus

__all__ = ["Store"]

COPY = ("section", "slug", "headline", "summary", "provider", "urgency", "published", "day", "corrected", "article")


class Store:
    """Folds articles into the site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, batch: Sequence[Article]) -> list[Applied]:
        """Fold the batch in, in one transaction: all of it is on the site when this returns, or none of it."""
        with self._database.writing() as connection:
            counters = _locked_counters(connection)
            books = _read_books(connection, {a.newsroom.story_id for a in batch})

            def kept_article(story_id: str, number: int) -> Article:
                return _read_article(connection, story_id, number)

            fold = Fold(books, sequence=counters["sequence"], kept_article=kept_article)
            applied = [fold.take(article) for article in batch]
            _write(connection, fold)
            moved = {"sequence": fold.sequence, "edition": counters["edition"] + bool(fold.moved)}
            for name, value in moved.items():
                connection.execute(update(counter).where(counter.c.name == name).values(value=value))
        return applied


def _locked_counters(connection: Connection) -> dict[str, int]:
    """Read the counters and hold them until the commit: writers stand in line here, so that sequence has no gap."""
    rows = connection.execute(select(counter.c.name, counter.c.value).order_by(counter.c.name).with_for_update())
    return {row.name: row.value for row in rows}


def _read_books(connection: Connection, story_ids: set[str]) -> dict[str, Book]:
    books: dict[str, Book] = {}
    columns = (c for c in revision.c if c is not revision.c.article)
    for row in connection.execute(select(*columns).where(revision.c.story_id.in_(story_ids))):
        book = books.setdefault(row.story_id, Book())
        book.revisions[row.revision] = Revision(
            row.revision, Change(row.change), PubStatus(row.status), row.published, row.moment
        )
        if row.sequence is not None:
            book.led_to[row.revision] = row.sequence
    shown = select(story.c.story_id, story.c.sequence, story.c.appeared).where(story.c.story_id.in_(story_ids))
    for row in connection.execute(shown):
        books[row.story_id].sequence, books[row.story_id].appeared = row.sequence, row.appeared
    return books


def _read_article(connection: Connection, story_id: str, number: int) -> Article:
    found = connection.scalar(
        select(revision.c.article).where(revision.c.story_id == story_id, revision.c.revision == number)
    )
    return Article.model_validate_json(found or "")


def _write(connection: Connection, fold: Fold) -> None:
    rows = [_revision_row(fold, story_id, number) for story_id, number in fold.added]
    if rows:
        connection.execute(insert(revision), rows)
    if not fold.moved:
        return
    stories = [_story_row(fold, story_id) for story_id in sorted(fold.moved)]
    connection.execute(delete(story).where(story.c.story_id.in_(fold.moved)))
    connection.execute(insert(story), stories)
    for story_id in sorted(fold.moved):
        _forget_killed(connection, fold, story_id)


def _forget_killed(connection: Connection, fold: Fold, story_id: str) -> None:
    """Take the copy out of the revisions that a kill killed. Those after it wait, unseen, for a reinstatement."""
    kills = [r.revision for r in fold.book(story_id).revisions.values() if r.status is PubStatus.CANCELED]
    if kills:
        older = (revision.c.story_id == story_id) & (revision.c.revision < max(kills))
        connection.execute(update(revision).where(older).values(article=None))


def _revision_row(fold: Fold, story_id: str, number: int) -> dict[str, Any]:
    book = fold.book(story_id)
    known = book.revisions[number]
    return {
        "story_id": story_id,
        "revision": number,
        "change": known.change,
        "status": known.status,
        "published": known.published,
        "moment": known.moment,
        "sequence": book.led_to.get(number),
        "article": _json(fold.added[story_id, number]),
    }


def _story_row(fold: Fold, story_id: str) -> dict[str, Any]:
    book = fold.book(story_id)
    standing = book.standing()
    assert standing is not None  # noqa: S101 - a story that moved has a revision
    article = fold.article_of(story_id, standing.current)
    return {
        "story_id": story_id,
        "revision": standing.revision,
        "sequence": book.sequence,
        "appeared": book.appeared,
        "status": standing.status,
        "modified": standing.modified,
        **_copy_columns(article, standing),
    }


def _copy_columns(article: Article, standing: Standing) -> dict[str, Any]:
    """Return the columns that hold copy: all empty for a story that is off the site."""
    if standing.status is not PubStatus.USABLE:
        return dict.fromkeys(COPY)
    return {
        "section": section_key(article.newsroom.section),
        "slug": slug_of(article.headline),
        "headline": article.headline or "(no headline)",
        "summary": excerpt(article.summary or first_words(article.body_html)),
        "provider": article.newsroom.provider,
        "urgency": article.urgency,
        "published": standing.published,
        "day": _day(article),
        "corrected": standing.corrected,
        "article": _json(article),
    }


def _day(article: Article) -> str | None:
    """Return the date as the copy printed it, if it printed no time.

    Midnight is then nobody's claim, and in the site's zone it may even be the day before.
    """
    assumed = {assumption.code for assumption in article.newsroom.assumptions}
    return article.published.date().isoformat() if "time_of_day_assumed" in assumed else None


def _json(article: Article) -> str:
    return article.model_dump_json(by_alias=True, exclude_none=True)
