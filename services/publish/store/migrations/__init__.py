"""The store's history, by Alembic: one step a file, each run in one transaction under a lock."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

__all__ = ["upgrade"]


def upgrade(connection: Connection, *, adopt: str | None = None) -> None:
    """Bring the store to the newest form, in the connection's own transaction.

    ``adopt`` names the form of a store that was made before Alembic kept count.
    """
    # Imported here: it is needed once in a store's life, and costs every start a fifth of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if adopt is not None:
        command.stamp(config, adopt)
    command.upgrade(config, "head")
