"""Indexes for feeds and sitemaps: arrivals by section, corrections, tombstones, runs of story numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

USABLE, GONE, CORRECTED = sa.text("status = 'usable'"), sa.text("status <> 'usable'"), sa.text("corrected IS NOT NULL")


def upgrade() -> None:
    """Take a store from 0002 here."""
    for name, columns, rows in (
        ("story_section_arrival", ["section", "appeared"], USABLE),
        ("story_map", ["number", "modified", "status"], USABLE),
        ("story_gone", ["sequence"], GONE),
        ("story_corrected", ["corrected"], CORRECTED),
    ):
        op.create_index(name, "story", columns, sqlite_where=rows, postgresql_where=rows)
