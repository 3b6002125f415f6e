"""What the model of topics learns from, and what it is measured on: read from files, and made from our word lists."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from services.enrich.topics.features import HEADLINE, LEAD, READ, REST, Weighed, weigh
from services.enrich.topics.vocabulary import load_vocabulary
from services.enrich.topics.words import read_words, written_words
from tools.evaluate.labelled import read_set

__all__ = [
    "HUFFPOST",
    "SEED",
    "UNSEEN",
    "Example",
    "Split",
    "definitions",
    "drawn",
    "huffpost",
    "huffpost_rows",
    "own",
    "phrased",
    "unseen",
]

SEED = 20
TESTED, CALIBRATED = 3_000, 3_000
"""Headlines that are measured on, and headlines that confidence is fitted on; the others are trained on."""
DRAWN, PHRASED = 500, 120
"""Texts made of each topic's own words: they teach what no outlet of the data writes about (disasters, weather). As
stems for the linear model, and as words for the embedding."""

HUFFPOST = {
    **dict.fromkeys((2, 10, 21, 32, 35, 39), 1),
    **dict.fromkeys((20,), 2),
    **dict.fromkeys((9, 31), 4),
    **dict.fromkeys((37, 40), 5),
    **dict.fromkeys((23, 36), 6),
    **dict.fromkeys((1, 6), 7),
    **dict.fromkeys((22, 34), 8),
    **dict.fromkeys((3, 4, 8, 13, 26, 29), 10),
    **dict.fromkeys((0,), 11),
    **dict.fromkeys((25,), 12),
    **dict.fromkeys((27, 30), 13),
    **dict.fromkeys((5, 7, 12, 14, 16, 17, 19, 33, 38), 14),
    **dict.fromkeys((11,), 15),
}
"""The data's numbered labels as numbers of the top level; those without a fair match are left out."""
UNSEEN = {"business": 4, "entertainment": 1, "health": 7, "politics": 11, "sports": 15, "technology": 13}


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its top-level topics, as columns; the first is the one to learn."""

    weighed: Weighed
    topics: tuple[int, ...]
    headline: str = ""
    lead: str = ""
    outlet: str = ""


class Split(NamedTuple):
    """Headlines in three parts that share none."""

    tested: list[Example]
    calibrated: list[Example]
    trained: list[Example]


def article(headline: str, body: Sequence[str], *topics: int, outlet: str = "") -> Example:
    """Weigh an article as the enricher does."""
    rest = "\n".join(body[1:])[:READ]
    lead = body[0] if body else ""
    weighed = weigh([(HEADLINE, headline), (LEAD, lead), (REST, rest)])
    return Example(weighed, tuple(topic - 1 for topic in topics), headline, lead, outlet)


def huffpost_rows(path: Path) -> dict[str, list[tuple[str, int]]]:
    """Return by part headlines and numbers of the top level. Equal headlines go to one part, and are there once."""
    found: dict[str, int] = {}
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["label"] in HUFFPOST:
            found.setdefault(row["raw"], HUFFPOST[row["label"]])
    rows = list(found.items())
    random.Random(SEED).shuffle(rows)  # noqa: S311 - a split, the same every time
    end = TESTED + CALIBRATED
    return {"tested": rows[:TESTED], "calibrated": rows[TESTED:end], "trained": rows[end:]}


def huffpost(path: Path) -> Split:
    """Read headlines with a number for a label."""
    parts = huffpost_rows(path)
    return Split(**{name: [article(raw, [], topic) for raw, topic in rows] for name, rows in parts.items()})


def unseen(path: Path) -> list[Example]:
    """Read articles of MasakhaNEWS."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["category"] in UNSEEN]
    return [article(row["headline"], row["text"].split("\n"), UNSEEN[row["category"]]) for row in rows]


def own(directory: Path) -> list[Example]:
    """Read our labelled articles."""
    return [
        article(one.headline, one.paragraphs, *(int(code[7:9]) for code in one.topics), outlet=one.outlet)
        for one in read_set(directory)
    ]


def definitions() -> list[Example]:
    """Return every Media Topic as an article: its label is the headline."""
    vocabulary = load_vocabulary()
    concepts = vocabulary.concepts.values()
    return [article(c.name, [c.definition], int(vocabulary.top(c.code)[:2])) for c in concepts]


def drawn() -> list[Example]:
    """Return texts drawn from our word lists, as stems."""
    draw = random.Random(SEED)  # noqa: S311 - drawn for training, and the same every time
    found = []
    for code, words in read_words().items():
        for _ in range(DRAWN):
            chosen = draw.choices(list(words), list(words.values()), k=draw.randint(6, 30))
            weighed = {word: draw.choice([1.0, 1.0, 2.0, 3.0]) for word in chosen}
            found.append(Example(weighed, (int(code[:2]) - 1,)))
    return found


def phrased() -> list[Example]:
    """Return texts drawn from our word lists, as words: an embedding does not know stems."""
    draw = random.Random(SEED)  # noqa: S311 - likewise
    found = []
    for code, words in written_words().items():
        for _ in range(PHRASED):
            chosen = draw.choices(list(words), list(words.values()), k=draw.randint(3, 12))
            found.append(Example({}, (int(code[:2]) - 1,), "", " ".join(chosen)))
    return found
