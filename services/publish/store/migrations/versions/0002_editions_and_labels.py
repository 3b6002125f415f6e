"""Rows say which edition they are of, revisions in which order they came; a story's labels have a table.

The rows of a store that is full are made again from what it keeps: the order of arrival from the sequence that each
revision led to (those that led to none come after, for nobody can tell any more), the labels from the articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.publish.store.labels import labels_of
from services.publish.store.standing import Revision, settle
from shared.article import Article, Change, PubStatus

revision = "0002"
down_revision = "0001"

A_BATCH = 500
ADDED: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "story": {
        "number": sa.BigInteger(),
        "current": sa.BigInteger(),
        "change": sa.String(16),
        "edition": sa.BigInteger(),
    },
    "revision": {"arrival": sa.BigInteger()},
}


def upgrade() -> None:
    """Take a store from 0001 here."""
    connection = op.get_bind()
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    _number_arrivals(connection)
    _settle_stories(connection)
    _not_null("story", "number", "current", "change", "edition")
    _not_null("revision", "arrival")
    # After those: SQLite alters a table by making it anew, and to drop the old one would empty what refers to it.
    op.create_table(
        "label",
        sa.Column("story_id", sa.String(64), sa.ForeignKey("story.story_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("relevance", sa.Integer, nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
    )
    _label_stories(connection)
    op.create_index("story_edition", "story", ["edition"])
    op.create_index("story_number", "story", ["number"], unique=True)
    op.create_index("label_latest", "label", ["kind", "key", "published", "story_id"])
    op.create_index("revision_arrival", "revision", ["arrival"], unique=True)
    # A release that does not know this form must not write to it: it looks here.
    op.execute("UPDATE schema_version SET version = 2")


def _number_arrivals(connection: sa.Connection) -> None:
    found = connection.execute(
        sa.text("SELECT story_id, revision FROM revision ORDER BY sequence IS NULL, sequence, story_id, revision")
    ).all()
    numbered = [{"arrival": n, "story": row[0], "revision": row[1]} for n, row in enumerate(found, start=1)]
    if numbered:
        connection.execute(
            sa.text("UPDATE revision SET arrival = :arrival WHERE story_id = :story AND revision = :revision"), numbered
        )
    connection.execute(
        sa.text("INSERT INTO counter (name, value) VALUES ('arrival', :value)"), {"value": len(numbered)}
    )


def _settle_stories(connection: sa.Connection) -> None:
    """Fill in what a story shows. A sequence belongs to one story alone, so its first is a number of its own."""
    edition = connection.scalar(sa.text("SELECT value FROM counter WHERE name = 'edition'"))
    firsts: dict[str, int] = {
        row[0]: row[1]
        for row in connection.execute(sa.text("SELECT story_id, min(sequence) FROM revision GROUP BY story_id"))
    }
    known: dict[str, list[Revision]] = {}
    for row in connection.execute(
        sa.text("SELECT story_id, revision, change, status, published, moment FROM revision")
    ):
        fact = Revision(row.revision, Change(row.change), PubStatus(row.status), row.published, row.moment)
        known.setdefault(row.story_id, []).append(fact)
    rows = []
    for story_id, facts in known.items():
        current = settle(facts).current
        change = next(fact.change for fact in facts if fact.revision == current)
        rows.append(
            {
                "number": firsts[story_id],
                "current": current,
                "change": change.value,
                "edition": edition,
                "story": story_id,
            }
        )
    if rows:
        connection.execute(
            sa.text(
                "UPDATE story SET number = :number, current = :current, change = :change, edition = :edition"
                " WHERE story_id = :story"
            ),
            rows,
        )


def _label_stories(connection: sa.Connection) -> None:
    for batch in _usable(connection):
        rows = [
            {
                "story": story_id,
                "kind": label.kind.value,
                "key": label.key,
                "name": label.name,
                "relevance": label.relevance,
                "published": published,
            }
            for story_id, published, article in batch
            for label in labels_of(Article.model_validate_json(article))
        ]
        if rows:
            connection.execute(
                sa.text(
                    "INSERT INTO label (story_id, kind, key, name, relevance, published)"
                    " VALUES (:story, :kind, :key, :name, :relevance, :published)"
                ),
                rows,
            )


def _usable(connection: sa.Connection) -> Iterator[list[tuple[str, int, str]]]:
    """Yield the usable stories in batches: an archive of years does not fit into memory."""
    after = ""
    query = sa.text(
        "SELECT story_id, published, article FROM story WHERE status = 'usable' AND story_id > :after"
        " ORDER BY story_id LIMIT :limit"
    )
    while batch := [tuple(row) for row in connection.execute(query, {"after": after, "limit": A_BATCH})]:
        yield batch
        after = batch[-1][0]


def _not_null(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch:
        for name in columns:
            batch.alter_column(name, existing_type=ADDED[table][name], nullable=False)
