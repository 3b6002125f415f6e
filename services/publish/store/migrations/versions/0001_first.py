"""The store as the first release made it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

USABLE = sa.text("status = 'usable'")


def upgrade() -> None:
    """Make an empty store."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True))
    counter = op.create_table(
        "counter",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "story",
        sa.Column("story_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("appeared", sa.BigInteger),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("section", sa.Text),
        sa.Column("slug", sa.Text),
        sa.Column("headline", sa.Text),
        sa.Column("summary", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("urgency", sa.Integer),
        sa.Column("published", sa.BigInteger),
        sa.Column("day", sa.String(10)),
        sa.Column("modified", sa.BigInteger),
        sa.Column("corrected", sa.BigInteger),
        sa.Column("article", sa.Text),
    )
    for name, columns in {
        "story_latest": ["published", "story_id"],
        "story_section": ["section", "published", "story_id"],
        "story_arrival": ["appeared"],
    }.items():
        op.create_index(name, "story", columns, sqlite_where=USABLE, postgresql_where=USABLE)
    op.create_table(
        "revision",
        sa.Column("story_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.BigInteger, primary_key=True),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("article", sa.Text),
    )
    op.bulk_insert(counter, [{"name": name, "value": 0} for name in ("edition", "sequence")])
    op.execute("INSERT INTO schema_version (version) VALUES (1)")
