"""Tables in Markdown, and sections of a page between their markers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.evaluate.scoring import Counts

__all__ = ["counts_row", "put_between", "table"]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table; numbers stand to the right."""
    yield f"| {' | '.join(head)} |"
    numbers = [all(isinstance(row[column], int | float) for row in rows) for column in range(len(head))]
    yield f"|{'|'.join('---:' if number else '---' for number in numbers)}|"
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"


def counts_row(name: str, counts: Counts) -> list[object]:
    """Return a row of precision, recall, F1, and what they are made of."""
    return [name, counts.precision, counts.recall, counts.f1, counts.right, counts.wrong, counts.missed]


def put_between(document: str, name: str, section: str) -> str:
    """Return the document with a section between its markers.

    Raises:
        ValueError: the markers are not there, or not in order.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"no {begin} … {end} in the page")
    return f"{before}{begin}\n{section.strip()}\n{end}{after}"


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value).replace("|", "\\|")
