"""The database under the site store: SQLite in a file, or PostgreSQL 15 and later by address.

The schema is made or brought up to date on first use, by whichever process comes first. Engines are synchronous and
used from threads: a query here takes less time than a switch of drivers saves.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

from services.publish.store.schema import SchemaMismatch, prepare_schema

__all__ = ["Database", "SchemaMismatch"]

PATIENCE = 5
"""Seconds to wait for a connection, a lock, an answer to either: then it is an error that somebody sees."""


class Database:
    """Connections to one site store. ``reading`` sees one moment; ``writing`` is one transaction, one at a time."""

    def __init__(self, url: str) -> None:
        self._url = _with_driver(url)
        self._engine = _engine(self._url)
        # PostgreSQL shows each statement the moment that it begins at, unless it is told otherwise.
        sees_one = self._url.get_backend_name() == "sqlite"
        self._one_moment: dict[str, Any] = {} if sees_one else {"isolation_level": "REPEATABLE READ"}
        self._prepared = False
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection on which every query sees the same moment."""
        self._prepare()
        with self._engine.connect().execution_options(**self._one_moment) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that commits when the block ends and not otherwise."""
        self._prepare()
        with self._writable() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writable(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(wireroom_writes=True) as connection, connection.begin():
            yield connection

    def _prepare(self) -> None:
        """Make the schema if it is not there. Done on first use, so that a process can start before its database."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise TimeoutError("another thread still waits for the site store")
        try:
            if not self._prepared:
                if self._url.get_backend_name() == "sqlite" and self._url.database:
                    Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
                with self._writable() as connection:
                    prepare_schema(connection)
                self._prepared = True
        finally:
            self._lock.release()


def _with_driver(url: str) -> URL:
    """Return the address with our driver named: ``postgresql://`` alone would mean one that is not installed."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in {"postgres", "postgresql"} else parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, pool_timeout=PATIENCE, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # A database that is gone must be an error within seconds, not a thread that waits for ever.
    limits = {"connect_timeout": PATIENCE, "tcp_user_timeout": 10_000, "options": "-c statement_timeout=15000"}
    return create_engine(url, pool_pre_ping=True, pool_timeout=PATIENCE, connect_args=limits)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # The driver's own transactions start late and take no lock; ours are begun below, in words.
    connection.isolation_level = None
    for setting in (
        f"busy_timeout={PATIENCE * 1000}",
        "synchronous=FULL",  # a commit outlives a power cut; the handoff that follows it relies on that
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {setting}").close()
    _switch_to_wal(connection)


def _switch_to_wal(connection: Any) -> None:
    """Let readers and the one writer not wait for each other.

    The switch needs the file for itself, and ``busy_timeout`` does not hold for it: of two processes that start at once
    on a new file one was told "database is locked" at once.
    """
    deadline = time.monotonic() + PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and then writes may otherwise
    # find that it cannot, and SQLite does not wait for that lock (SQLITE_BUSY_SNAPSHOT).
    writes = connection.get_execution_options().get("wireroom_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
