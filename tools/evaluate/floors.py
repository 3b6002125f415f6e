"""The figures that must not fall: what ``--check`` holds the tables of the report to. Pure.

They are read from the tables themselves, so what is held is what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["FLOORS", "Floor", "shortfalls"]

Figures = dict[tuple[str, str], float]
"""By row and column."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What one figure must reach, in per cent."""

    row: str
    """The row, or how several begin, which must reach it all."""
    column: str
    """The column, or several with `` | `` between; of each that is there the figure must reach it."""
    least: float
    over: str | None = None
    """The row whose figure it must be that much above."""


NEAR_DUPLICATES = ("furniture added", "cut to 60 %", "a third written anew")
FLOORS = (
    Floor("Wireroom, all", "F1", 4, over="spaCy medium, all"),
    Floor("countries", "F1", 86),
    *(Floor(row, "recall", 98) for row in NEAR_DUPLICATES),
    *(Floor(row, "precision", 95) for row in NEAR_DUPLICATES),
    Floor("one event, full tier", "F1", 80),
    Floor("outlets that the development set has", "accuracy | default tier | full tier", 80),
    Floor("an outlet never seen", "accuracy | default tier | full tier", 75),
)


def shortfalls(report: Iterable[str], floors: Iterable[Floor] = FLOORS) -> list[str]:
    """Say of each figure that does not reach its floor what it is, and what it should be. What is absent does not."""
    figures = _figures(report)
    return [short for floor in floors for short in _short(floor, figures)]


def _short(floor: Floor, figures: Figures) -> Iterator[str]:
    least, named = floor.least, f"{floor.row}: {floor.column}"
    if floor.over is not None:
        base = figures.get((floor.over, floor.column))
        if base is None:
            yield f"{floor.over}: {floor.column} is not in the tables"
            return
        least, named = least + base, f"{named}, {floor.least:g} above {floor.over}"
    reached = [value for (row, column), value in figures.items() if _is_of(floor, row, column)]
    if not reached:
        yield f"{named} is not in the tables"
    elif min(reached) < least:
        yield f"{named} is {min(reached):.1f}, and should be {least:.1f}"


def _is_of(floor: Floor, row: str, column: str) -> bool:
    return row.startswith(floor.row) and column in floor.column.split(" | ")


def _figures(report: Iterable[str]) -> Figures:
    """Read the tables: a head, a line of dashes, rows."""
    figures: Figures = {}
    head: list[str] = []
    for line in report:
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            head = []
        elif not head:
            head = cells
        else:
            figures |= dict(_numbers(head, cells))
    return figures


def _numbers(head: list[str], cells: list[str]) -> Iterator[tuple[tuple[str, str], float]]:
    for column, cell in zip(head[1:], cells[1:], strict=False):
        try:
            yield (cells[0], column), float(cell)
        except ValueError:  # words, or the line under the head
            continue
