"""Stories projected per second, on both stores, beside a plain executemany of the same rows.

The projector takes batches of a hundred enriched articles, sanitises them, folds them into what is known of their
stories, and writes stories, revisions, labels and the words that are searched for, in one durable transaction. The
plain way is given the rows that came of it, and does nothing but insert them, batch by batch, as durably.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

from benchmarks.invented import stories
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Article
from tests.publish.postgres import find_binaries, running_postgres

STORIES = 2_000
BATCH = 100
ROUNDS = 5
Statements = list[tuple[str, Any, bool]]


@dataclass
class Rounds:
    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


async def measure() -> str:
    """Return the section, or raise where there is no PostgreSQL."""
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("projecting: PostgreSQL is not installed")
    articles = list(stories(STORIES))
    batches = [articles[start : start + BATCH] for start in range(0, STORIES, BATCH)]
    found = {"SQLite": await asyncio.to_thread(_on_sqlite, batches)}
    with running_postgres(binaries, durable=True) as url:
        found["PostgreSQL"] = await asyncio.to_thread(_rounds, batches, _postgres(url))
    return _section(found)


def _on_sqlite(batches: list[list[Article]]) -> Rounds:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return _rounds(batches, _sqlite(Path(folder)))


def _sqlite(folder: Path) -> Callable[[], Database]:
    numbers = iter(range(1_000))
    return lambda: Database(f"sqlite:///{folder / f'{next(numbers)}.db'}")


def _postgres(url: str) -> Callable[[], Database]:
    def empty() -> Database:
        database = Database(url)
        with database.writing() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        database.close()
        return Database(url)

    return empty


def _rounds(batches: list[list[Article]], empty: Callable[[], Database]) -> Rounds:
    rounds = Rounds()
    for _ in range(ROUNDS):
        with _ready(empty()) as database, _recorded(database) as recorded:
            rounds.ours.append(_timed(lambda: _project(Store(database), batches, recorded)))
        with _ready(empty()) as database:
            rounds.plain.append(_timed(lambda: _insert(database, recorded)))
    return rounds


@contextmanager
def _ready(database: Database) -> Iterator[Database]:
    with database.reading():
        pass
    yield database
    database.close()


@contextmanager
def _recorded(database: Database) -> Iterator[list[Statements]]:
    """Yield a list that holds the insertions, a list for each batch."""
    recorded: list[Statements] = []

    def record(_: Connection, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's form
        if statement.lstrip().upper().startswith("INSERT"):
            recorded[-1].append((statement, parameters, many))

    engine = database._engine  # noqa: SLF001 - what goes to the driver is seen nowhere else
    event.listen(engine, "before_cursor_execute", record)
    yield recorded
    event.remove(engine, "before_cursor_execute", record)


def _project(store: Store, batches: list[list[Article]], recorded: list[Statements]) -> None:
    for batch in batches:
        recorded.append([])
        store.apply(batch)


def _insert(database: Database, recorded: list[Statements]) -> None:
    for statements in recorded:
        with database.writing() as connection:
            cursor = connection.connection.cursor()
            for statement, parameters, many in statements:
                (cursor.executemany if many else cursor.execute)(statement, parameters)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return STORIES / (time.perf_counter() - began)


def _section(found: dict[str, Rounds]) -> str:
    lines = [
        "## Projecting, beside a plain executemany",
        "",
        (__doc__ or "").partition("\n\n")[2].strip(),
        "",
        "| store | Wireroom, stories/s | executemany, stories/s | ratio |",
        "|---|---:|---:|---:|",
    ]
    for name, rounds in found.items():
        ratio = statistics.median(ours / plain for ours, plain in zip(rounds.ours, rounds.plain, strict=True))
        ours, plain = statistics.median(rounds.ours), statistics.median(rounds.plain)
        lines.append(f"| {name} | {ours:,.0f} | {plain:,.0f} | {ratio:.2f} |")
    return "\n".join([*lines, ""])
