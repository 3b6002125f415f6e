"""Labelled articles: the form of tests/evaluation, read and made into articles."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.article import Article, Body, Change, Headline, Newsroom

__all__ = ["HEADLINE", "SETS", "Labelled", "Spot", "as_article", "read_set", "taken_apart"]

SETS = Path(__file__).parent.parent.parent / "tests" / "evaluation"
SEPARATOR = re.compile(r"^----+\s*$", re.MULTILINE)
MARK = re.compile(r"\[(PER|ORG|LOC) ([^\[\]]+)\]")
HEADLINE = -1
"""Number of the headline among the paragraphs."""

Spot = tuple[int, int, int, str]
"""A name: paragraph, first character, past the last one, PER, ORG or LOC."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article and what is true of it."""

    name: str
    outlet: str
    topics: tuple[str, ...]
    countries: frozenset[str]
    event: str
    dateline: tuple[str, str, str] | None
    """Place, agency and date, each empty where the dateline lacks it."""
    cities: Mapping[str, str]
    """GeoNames id by name as printed."""
    headline: str
    paragraphs: tuple[str, ...]
    spots: frozenset[Spot]

    def text_of(self, spot: Spot) -> str:
        """Return the words of a name."""
        where, start, end, _ = spot
        return (self.headline if where == HEADLINE else self.paragraphs[where])[start:end]


def read_set(directory: Path) -> list[Labelled]:
    """Read every article of a set, in the order of its files."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.txt"))]
    return [read_one(block) for text in texts for block in SEPARATOR.split(text) if block.strip()]


def read_one(block: str) -> Labelled:
    """Read one article.

    Raises:
        ValueError: a header line without a colon, or a mark that does not close.
    """
    head, _, body = block.strip().partition("\n\n")
    fields, cities = _header(head)
    lines = [taken_apart(line) for line in body.splitlines() if line.strip()]
    if not lines:
        raise ValueError(f"{fields.get('id')}: no text")
    return Labelled(
        name=fields.get("id", ""),
        outlet=fields.get("outlet", ""),
        topics=tuple(filter(None, (topic.strip() for topic in fields.get("topic", "").split(",")))),
        countries=frozenset(filter(None, fields.get("countries", "").split(","))),
        event=fields.get("event", ""),
        dateline=_dateline(fields.get("dateline", "")),
        cities=cities,
        headline=lines[0][0],
        paragraphs=tuple(text for text, _ in lines[1:]),
        spots=frozenset(
            (number, start, end, kind)
            for number, (_, marks) in enumerate(lines, start=HEADLINE)
            for start, end, kind in marks
        ),
    )


def taken_apart(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a line without its marks, and where they were.

    Raises:
        ValueError: a mark that does not close, or is of no known kind.
    """
    text, marks, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        marks.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        at = mark.end()
    text += line[at:]
    if "[" in text or "]" in text:
        raise ValueError(f"a mark that cannot be read: {line}")
    return text, marks


def as_article(headline: str, paragraphs: tuple[str, ...], *, name: str = "a1") -> Article:
    """Make an article as ingest hands it on."""
    newsroom = Newsroom(
        story_id=re.sub(r"[^0-9a-z]", "", name) or "a1",
        revision=16,
        change=Change.NEW,
        source="evaluation",
        provider="evaluation",
        received=datetime(2026, 6, 17, tzinfo=UTC),
    )
    body = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    headlines = (Headline(value=headline),) if headline else ()
    return Article(
        uri=f"https://wire.example/{name}", headlines=headlines, bodies=(Body(value=body),), newsroom=newsroom
    )


def _header(head: str) -> tuple[dict[str, str], dict[str, str]]:
    fields, cities = {}, {}
    for name, value in _pairs(head):
        if name == "place":
            printed, _, code = value.partition("=")
            cities[printed] = code
        else:
            fields[name] = value
    return fields, cities


def _pairs(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"a header line without a colon: {line}")
        yield name.strip(), value.strip()


def _dateline(value: str) -> tuple[str, str, str] | None:
    if not value:
        return None
    place, agency, date = (part.strip() for part in value.split("|"))
    return place, agency, date
