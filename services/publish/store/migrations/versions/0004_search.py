"""What readers look for is indexed; the stories of a store that is full are, in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from services.publish.search.document import document_of
from services.publish.store.search_index import write_words
from shared.article import Article

revision = "0004"
down_revision = "0003"

A_BATCH = 500
FORM = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search USING fts5(headline, names, summary, body, filed, tokenize='ascii', prefix='2 3')",
    ),
    "postgresql": (
        "CREATE TABLE search (number BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX search_words ON search USING gin (words)",
    ),
}


def upgrade() -> None:
    """Take a store from 0003 here."""
    connection = op.get_bind()
    for statement in FORM[connection.dialect.name]:
        op.execute(statement)
    if connection.dialect.name == "sqlite" and sqlite3.sqlite_version_info >= (3, 42, 0):
        op.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
    for batch in _usable(connection):
        write_words(
            connection,
            {number: document_of(Article.model_validate_json(copy), published) for number, published, copy in batch},
        )


def _usable(connection: sa.Connection) -> Iterator[list[tuple[int, int, str]]]:
    """Yield number, moment and copy of the usable stories: an archive of years does not fit into memory."""
    after = 0
    query = sa.text(
        "SELECT number, published, article FROM story WHERE status = 'usable' AND number > :after"
        " ORDER BY number LIMIT :limit"
    )
    while batch := [(r[0], r[1], r[2]) for r in connection.execute(query, {"after": after, "limit": A_BATCH})]:
        yield batch
        after = batch[-1][0]
