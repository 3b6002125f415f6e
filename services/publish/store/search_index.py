"""What is looked for, in the index of each database: FTS5 of SQLite, a GIN index over ``tsvector`` in PostgreSQL.

It is part of the store and not of its tables' metadata, which cannot say what either is. A row has the number of its
story and is written in the transaction that writes the story.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from sqlalchemy import DDL, Connection, bindparam, event, text

from services.publish.search.document import Document
from services.publish.search.matching import ts_vector
from services.publish.store.tables import story

__all__ = ["FORM", "forget_words", "write_words"]

Statements = tuple[str, ...]
FORM: Mapping[str, Statements] = {
    # The words are cut before they come here, so that the plainest tokenizer does. `prefix`: the beginnings of words
    # of two and three letters stand for too many words to be looked up one by one.
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5(headline, names, summary, body, filed, tokenize='ascii', prefix='2 3')",
    ),
    "postgresql": (
        "CREATE TABLE search (number BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX search_words ON search USING gin (words)",
    ),
}
WITH_SECURE_DELETE = (3, 42, 0)
"""From here on SQLite takes deleted words out of the index's pages at once; before, a later merge does."""
_SECURE_DELETE = "INSERT INTO search(search, rank) VALUES ('secure-delete', 1)"
_COLUMNS = ("headline", "names", "summary", "body", "filed")
_INSERT = {
    "sqlite": text(
        "INSERT INTO search (rowid, headline, names, summary, body, filed)"
        " VALUES (:number, :headline, :names, :summary, :body, :filed)"
    ),
    "postgresql": text("INSERT INTO search (number, words) VALUES (:number, CAST(:words AS tsvector))"),
}
_DELETE = {
    "sqlite": text("DELETE FROM search WHERE rowid IN :numbers").bindparams(bindparam("numbers", expanding=True)),
    "postgresql": text("DELETE FROM search WHERE number IN :numbers").bindparams(bindparam("numbers", expanding=True)),
}


def write_words(connection: Connection, documents: Mapping[int, Document]) -> None:
    """Write the words of stories, by number, that have none in the index."""
    if not documents:
        return
    dialect = connection.dialect.name
    row = _sqlite_row if dialect == "sqlite" else _postgresql_row
    connection.execute(_INSERT[dialect], [row(number, document) for number, document in documents.items()])


def forget_words(connection: Connection, numbers: Collection[int]) -> None:
    """Take stories out of the index."""
    if numbers:
        connection.execute(_DELETE[connection.dialect.name], {"numbers": sorted(numbers)})


def _ddl(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so


def _sqlite_row(number: int, document: Document) -> dict[str, object]:
    return {"number": number, **{name: " ".join(getattr(document, name)) for name in _COLUMNS}}


def _postgresql_row(number: int, document: Document) -> dict[str, object]:
    return {"number": number, "words": ts_vector(document)}


for _dialect, _statements in FORM.items():
    for _statement in _statements:
        # A new store is made from the metadata: the index comes with the stories that it is of.
        event.listen(story, "after_create", _ddl(_statement).execute_if(dialect=_dialect))
if sqlite3.sqlite_version_info >= WITH_SECURE_DELETE:
    event.listen(story, "after_create", _ddl(_SECURE_DELETE).execute_if(dialect="sqlite"))
