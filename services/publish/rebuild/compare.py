"""Whether two stores hold the same site, byte for byte: every row of both, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select, text

from services.publish.store.database import Database
from services.publish.store.tables import label, revision, story

__all__ = ["Difference", "Likeness", "compare"]

OF_THE_WAY = {"edition"}
"""How many steps the batches made of the same change: no reader sees it."""
OF_THE_ORDER = {"arrival", "sequence", "number", "appeared"}
"""What depends on the order in which revisions came."""
SHOWN = 20
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One row. ``here`` or ``there`` is None where only the other store has it; else the columns that differ."""

    table: str
    key: Row
    here: dict[str, Any] | None
    there: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Likeness:
    rows: int
    """Rows that were looked at."""
    unlike: int
    differences: tuple[Difference, ...]
    """The first of them."""


def compare(here: Database, there: Database, *, in_order: bool) -> Likeness:
    """Compare all rows of two stores. ``in_order``: both were given the same revisions in the same order."""
    left_out = OF_THE_WAY if in_order else OF_THE_WAY | OF_THE_ORDER
    rows = unlike = 0
    found: list[Difference] = []
    for table in (story, revision, label):
        for key, ours, theirs in _pairs(_rows(here, table, left_out), _rows(there, table, left_out)):
            rows += 1
            if ours == theirs:
                continue
            unlike += 1
            if len(found) < SHOWN:
                found.append(_difference(table.name, key, ours, theirs))
    for key, ours, theirs in _pairs(_words(here), _words(there)) if _alike(here, there) and in_order else ():
        rows += 1
        if ours != theirs:
            unlike += 1
            found.append(Difference("search", key, None, None))
    return Likeness(rows, unlike, tuple(found))


def _rows(database: Database, table: Table, left_out: set[str]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield a table's rows in the order of their keys, a page at a time, each with its key."""
    keys = list(table.primary_key.columns)
    columns = [column for column in table.columns if column.name not in left_out]
    with database.reading() as connection:
        result = connection.execution_options(yield_per=500).execute(select(*columns).order_by(*keys))
        for row in result.mappings():
            yield tuple(row[column.name] for column in keys), dict(row)


def _alike(here: Database, there: Database) -> bool:
    """Tell whether both are the same kind of database: each keeps the words that are searched for in its own form."""
    with here.reading() as ours, there.reading() as theirs:
        return ours.dialect.name == theirs.dialect.name


def _words(database: Database) -> Iterator[tuple[Row, dict[str, Any]]]:
    with database.reading() as connection:
        number = "rowid" if connection.dialect.name == "sqlite" else "number"
        query = text(f"SELECT {number} AS at, search.* FROM search ORDER BY {number}")  # noqa: S608 - a name of ours
        for row in connection.execution_options(yield_per=500).execute(query).mappings():
            yield (row["at"],), dict(row)


def _pairs(
    here: Iterator[tuple[Row, dict[str, Any]]], there: Iterator[tuple[Row, dict[str, Any]]]
) -> Iterator[tuple[Row, dict[str, Any] | None, dict[str, Any] | None]]:
    """Walk both in step, as one merges: a key that only one side has comes with None for the other."""
    ours, theirs = next(here, None), next(there, None)
    while ours or theirs:
        if theirs is None or (ours and ours[0] < theirs[0]):
            assert ours is not None  # noqa: S101 - the loop's own condition
            yield ours[0], ours[1], None
            ours = next(here, None)
        elif ours is None or theirs[0] < ours[0]:
            yield theirs[0], None, theirs[1]
            theirs = next(there, None)
        else:
            yield ours[0], ours[1], theirs[1]
            ours, theirs = next(here, None), next(there, None)


def _difference(table: str, key: Row, ours: dict[str, Any] | None, theirs: dict[str, Any] | None) -> Difference:
    if ours is None or theirs is None:
        return Difference(table, key, ours, theirs)
    unlike = [name for name in ours if ours[name] != theirs[name]]
    return Difference(table, key, {n: ours[n] for n in unlike}, {n: theirs[n] for n in unlike})
