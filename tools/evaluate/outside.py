"""Data of others, measured on where it is at hand (``NLP_DATA``, a directory); none of it is part of the project.

WikiGold (Balasuriya et al. 2009, CC BY 4.0): names on Wikipedia's text. MasakhaNEWS, English, development part: topics
on outlets that no weight was learnt from. News Category Dataset (R. Misra): the headlines that training held out.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tools.evaluate.labelled import Labelled, Spot
from tools.topic_training.texts import UNSEEN, huffpost_rows

__all__ = ["huffpost", "masakhanews", "wikigold"]

CLOSE = re.compile(r"^(?:[,.;:?!)%\]]|'s?|''|n't)$")
OPEN = frozenset({"(", "[", "$", "``"})


def wikigold(directory: Path) -> list[Labelled]:
    """Read WikiGold, a document an article, its sentences as paragraphs; MISC is left out."""
    path = directory / "wikigold.conll.txt"
    if not path.exists():
        return []
    documents = re.split(r"^-DOCSTART- O\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_document(document) for document in documents if document.strip()]


def masakhanews(directory: Path) -> list[Labelled]:
    """Read MasakhaNEWS."""
    path = directory / "masakhanews-eng-dev.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["category"] in UNSEEN]
    return [_topical(row["headline"], row["text"].split("\n"), UNSEEN[row["category"]]) for row in rows]


def huffpost(directory: Path) -> list[Labelled]:
    """Read the headlines that the training command held out."""
    path = directory / "huffpost-headlines.jsonl"
    if not path.exists():
        return []
    return [_topical(raw, [], topic) for raw, topic in huffpost_rows(path)["tested"]]


def _topical(headline: str, paragraphs: list[str], topic: int) -> Labelled:
    collapsed = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return _labelled(headline, tuple(filter(None, collapsed)), topics=(f"medtop:{topic:02}000000",))


def _document(document: str) -> Labelled:
    sentences = [sentence for sentence in re.split(r"\n\s*\n", document) if sentence.strip()]
    texts, spots = [], set()
    for number, sentence in enumerate(sentences):
        pairs = [line.rsplit(" ", 1) for line in sentence.strip().splitlines()]
        text, found = _joined([(token, tag) for token, tag in pairs])
        texts.append(text)
        spots |= {(number, start, end, kind) for start, end, kind in found if kind in {"PER", "ORG", "LOC"}}
    return _labelled("", tuple(texts), spots=frozenset(spots))


def _joined(tokens: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """Write tokens as prose, and return where names of one kind stand; two side by side are one in this set."""
    names: list[tuple[int, int, str]] = []
    text, before = "", "O"
    for number, (token, tag) in enumerate(tokens):
        glued = not text or CLOSE.match(token) or tokens[number - 1][0] in OPEN
        text += token if glued else f" {token}"
        if tag != "O" and tag == before:
            names[-1] = (names[-1][0], len(text), tag[2:])
        elif tag != "O":
            names.append((len(text) - len(token), len(text), tag[2:]))
        before = tag
    return text, names


def _labelled(
    headline: str, paragraphs: tuple[str, ...], *, topics: tuple[str, ...] = (), spots: frozenset[Spot] = frozenset()
) -> Labelled:
    return Labelled(
        name="outside",
        outlet="",
        topics=topics,
        countries=frozenset(),
        event="",
        dateline=None,
        cities={},
        headline=headline,
        paragraphs=paragraphs,
        spots=spots,
    )
