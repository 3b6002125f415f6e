"""Reading time: how many words the body has, and how many minutes they take."""

from __future__ import annotations

import math

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import READ, Copy
from services.enrich.text import WORD, paragraphs

__all__ = ["ENRICHER"]

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction (Brysbaert 2019, a review of 190 studies)."""
LONGEST_MEAN_WORD = 15
"""Characters a word, spaces counted. English news has 6, German 7, Finnish 9; unspaced scripts run past 20."""
MOST = 300_000
"""Characters that are counted: an hour and a half. What is longer is no story, and gets no count."""


def measure(copy: Copy) -> Additions:
    """Count the body's words; an article without a body gets nothing, not a nought.

    Words are told by the spaces and marks between them, so copy in a script that has none (Chinese, Japanese, Thai)
    is not counted at all rather than counted wrongly.
    """
    text = " ".join(copy.paragraphs)
    if len(text) >= READ:
        text = " ".join(paragraphs(copy.article.body_html, MOST))
    words = len(WORD.findall(text[:MOST]))
    if not words or len(text) >= MOST or len(text) / words > LONGEST_MEAN_WORD:
        return Additions()
    return Additions(word_count=words, reading_minutes=math.ceil(words / WORDS_A_MINUTE))


def load() -> Enrich:
    """There is no model."""
    return each(measure)


ENRICHER = Enricher(
    name="reading_time", version="1", adds=("word_count", "reading_minutes"), load=load, cost=Cost.INSTANT
)
