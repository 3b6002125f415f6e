"""The store's form: made where there is none, brought up to date where it is older, refused where it is newer."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, text

import services.publish.store.search_index  # noqa: F401 - the index comes with the tables
from services.publish.store.migrations import upgrade
from services.publish.store.tables import COUNTERS, counter, metadata, schema_version

__all__ = ["HEAD", "SchemaMismatch", "prepare_schema"]

HISTORY = ("0001", "0002", "0003", "0004", "0005", "0006")
"""The steps of ``migrations``, oldest first: listed, so that a start need not load Alembic to know that it is done."""
HEAD = HISTORY[-1]
BEFORE_ALEMBIC = 1
FENCED = 2
"""What ``schema_version`` says since Alembic keeps count: a release from before it refuses the store."""


class SchemaMismatch(RuntimeError):
    """The store was made by a newer release. Nothing is read or written until that is settled."""


def prepare_schema(connection: Connection) -> None:
    """Leave the store in the form of this release, in the caller's transaction.

    Raises:
        SchemaMismatch: a newer release made it.
    """
    if connection.dialect.name == "postgresql":
        # Two processes that start together both find no table and both make it; the lock makes the second wait.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('wireroom.schema'))"))
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        _bring_up_to_date(connection)
    elif "schema_version" in tables:
        found = connection.scalar(select(schema_version.c.version))
        if found != BEFORE_ALEMBIC:
            raise SchemaMismatch(f"the site store has schema version {found}, and no release made one")
        upgrade(connection, adopt="0001")
    else:
        _make(connection)


def _bring_up_to_date(connection: Connection) -> None:
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found == HEAD:
        return
    if found not in HISTORY:
        raise SchemaMismatch(f"the site store is in form {found}, of a newer release; this one needs {HEAD}")
    upgrade(connection)


def _make(connection: Connection) -> None:
    """Make a new store at once. A test holds that the long way, step by step, ends at the same form."""
    metadata.create_all(connection)
    connection.execute(insert(counter), [{"name": name, "value": 0} for name in COUNTERS])
    connection.execute(insert(schema_version).values(version=FENCED))
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})
