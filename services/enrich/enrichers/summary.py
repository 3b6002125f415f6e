"""Summary: the first sentence of the story, where the copy has no summary of its own.

No cheap method beats it on news, since that is how news is written. It is taken whole or not at all.
"""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
from collections.abc import Iterator

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.naming.furniture import dateline_places, without_furniture
from services.enrich.sentences import first_sentence, is_sentence

__all__ = ["ENRICHER", "find_summary"]

LONGEST = 300
SHORTEST = 25
READ = 1_500
"""Characters of a paragraph that are read."""
PARAGRAPHS = 4
"""Paragraphs among which the lead is looked for; before it stand bylines, credits and notes to editors."""
NO_LEAD = re.compile(
    r"^\W*(?:update|eds?\b|editors?\b|note\b|attn\b|advisory|correct|recast|writethru|by\s+[A-Z])", re.IGNORECASE
)
CLAUSE = re.compile(r";\s|,? [–—-]\s|,\s(?=(?:and|but|while|which|who|after|as|with|according)\b)")
LEAST_KEPT = 100


def find_summary(copy: Copy) -> Additions:
    """Return the first sentence of the first paragraph that begins with one."""
    if copy.article.summary.strip():
        return Additions()
    for text in _leads(copy):
        sentence = first_sentence(text)
        if len(sentence) < SHORTEST or not is_sentence(sentence) or sentence.isupper():
            continue
        summary = sentence if len(sentence) <= LONGEST else _cut(sentence)
        return Additions(summary=summary if summary and not _is_headline(summary, copy) else None)
    return Additions()


def _leads(copy: Copy) -> Iterator[str]:
    """Yield the first paragraphs without dateline and furniture."""
    known = copy.found["dateline"].dateline if "dateline" in copy.found else None
    for number, paragraph in enumerate(copy.paragraphs[:PARAGRAPHS]):
        text = paragraph[:READ]
        if number == 0:
            length, _ = dateline_places(text, known.text if known else None)
            text = text[length:]
        text = " ".join(without_furniture(text).split())
        if not NO_LEAD.match(text):
            yield text


def _cut(sentence: str) -> str | None:
    """Return a sentence that is too long up to the last clause that fits, marked as cut; None if none does."""
    ends = [found.start() for found in CLAUSE.finditer(sentence, LEAST_KEPT, LONGEST)]
    kept = [sentence[:end] for end in ends if sentence[:end].count("“") == sentence[:end].count("”")]
    return f"{kept[-1].rstrip()} …" if kept else None


def _is_headline(summary: str, copy: Copy) -> bool:
    return summary.rstrip(".").casefold() == copy.headline.rstrip(".").casefold()


def load() -> Enrich:
    """There is no model."""
    return each(find_summary)


ENRICHER = Enricher(name="summary", version="1", adds=("summary",), load=load, cost=Cost.INSTANT, after=("dateline",))
