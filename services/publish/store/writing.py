"""The site store, as its one writer sees it: batches in, what became of each article out, one transaction a batch.

Everything is guarded by revision and replaces wholes, so a batch that comes twice, late or in another order leaves
the same site behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from services.publish.store.database import Database
from services.publish.store.fold import Applied, Book, Fold
from services.publish.store.prepared import Prepared, prepare, prepared_again
from services.publish.store.rows import documents, label_rows, revision_rows, story_rows
from services.publish.store.search_index import forget_words, write_words
from services.publish.store.standing import Revision
from services.publish.store.tables import counter, label, revision, story
from shared.article import Article, Change, PubStatus

__all__ = ["Store"]


class Store:
    """Folds articles into the site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, batch: Sequence[Article]) -> list[Applied]:
        """Fold the batch in, in one transaction: all of it is on the site when this returns, or none of it."""
        prepared = [prepare(article) for article in batch]
        with self._database.writing() as connection:
            counters = _locked_counters(connection)
            books = _read_books(connection, {a.newsroom.story_id for a in batch})
            fold = Fold(books, sequence=counters["sequence"], kept=partial(_read_revision, connection))
            applied = [fold.take(one) for one in prepared]
            if fold.added:
                _write(connection, fold, counters)
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
    shown = select(*story.c["story_id", "number", "sequence", "appeared"]).where(story.c.story_id.in_(story_ids))
    for row in connection.execute(shown):
        book = books[row.story_id]
        book.number, book.sequence, book.appeared = row.number, row.sequence, row.appeared
    return books


def _read_revision(connection: Connection, story_id: str, number: int) -> Prepared:
    found = connection.scalar(
        select(revision.c.article).where(revision.c.story_id == story_id, revision.c.revision == number)
    )
    return prepared_again(found or "")


def _write(connection: Connection, fold: Fold, counters: dict[str, int]) -> None:
    connection.execute(insert(revision), revision_rows(fold, arrivals=counters["arrival"]))
    for story_id in sorted({story_id for story_id, _ in fold.added}):
        _forget_killed(connection, fold, story_id)
    moved = {"arrival": counters["arrival"] + len(fold.added), "sequence": fold.sequence}
    if fold.moved:
        moved["edition"] = counters["edition"] + 1
        _replace_stories(connection, fold, edition=moved["edition"])
    for name, value in moved.items():
        connection.execute(update(counter).where(counter.c.name == name).values(value=value))


def _replace_stories(connection: Connection, fold: Fold, *, edition: int) -> None:
    connection.execute(delete(story).where(story.c.story_id.in_(fold.moved)))  # and their labels with them
    connection.execute(insert(story), story_rows(fold, edition=edition))
    labels = label_rows(fold)
    if labels:
        connection.execute(insert(label), labels)
    forget_words(connection, [number for story_id in fold.moved if (number := fold.book(story_id).number) is not None])
    write_words(connection, documents(fold))


def _forget_killed(connection: Connection, fold: Fold, story_id: str) -> None:
    """Take the copy out of the revisions that a kill killed. Those after it wait, unseen, for a reinstatement."""
    kills = [r.revision for r in fold.book(story_id).revisions.values() if r.status is PubStatus.CANCELED]
    if kills:
        older = (revision.c.story_id == story_id) & (revision.c.revision < max(kills))
        connection.execute(update(revision).where(older).values(article=None))
