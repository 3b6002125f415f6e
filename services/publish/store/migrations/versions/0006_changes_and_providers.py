"""Indexes for the content API: stories by their last change, and by who wrote them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

USABLE = sa.text("status = 'usable'")


def upgrade() -> None:
    """Take a store from 0005 here."""
    op.create_index("story_sequence", "story", ["sequence"])
    columns = ["provider", "published", "story_id"]
    op.create_index("story_provider", "story", columns, sqlite_where=USABLE, postgresql_where=USABLE)
