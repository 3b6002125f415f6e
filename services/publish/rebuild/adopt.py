"""A site that moves to PostgreSQL takes its stories along from the SQLite file that it was in."""

from __future__ import annotations

from pathlib import Path

from services.publish.rebuild.inputs import from_store
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.logs import get_logger

__all__ = ["adopt", "left_behind"]

FILE = "site.db"
log = get_logger(__name__)


def left_behind(data: Path, store_url: str) -> Path | None:
    """Return the SQLite file of a site whose store is elsewhere now, if there is one that was not taken along."""
    file = (data / FILE).resolve()
    return file if file.exists() and not store_url.startswith("sqlite") else None


def adopt(file: Path, database: Database) -> int:
    """Fold all that the file holds into the store, and put the file aside. What is there already changes nothing.

    Raises:
        SQLAlchemyError, OSError, SchemaMismatch: one of the two cannot be used; nothing was put aside.
    """
    old, store, taken = Database(f"sqlite:///{file}"), Store(database), 0
    try:
        for page in from_store(old, after=0):
            store.apply(page)
            taken += len(page)
    finally:
        old.close()
    file.rename(file.with_name(f"{FILE}.adopted"))
    log.info("store_adopted", revisions=taken)
    return taken
