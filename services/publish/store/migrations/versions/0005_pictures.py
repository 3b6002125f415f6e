"""What a list shows of a leading picture. Releases before this one took in no pictures, so none is filled in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take a store from 0004 here."""
    op.add_column("story", sa.Column("picture", sa.Text))
