"""What a desk would call a revision: a correction, a writethru, a lead, a take, an update. Pure.

:class:`shared.article.Change` says what a revision does to the story; this says how the copy was made, in the words of
the wire. A lead and a writethru both replace the story, a take goes on where the one before it ended.
"""

from __future__ import annotations

import re

from services.ingest.items import Item
from shared.article import Change, Treatment

__all__ = ["treatment_of"]

NUMBER = r"\d{1,2}(?:st|nd|rd|th)"
TOLD = (
    (Treatment.TAKE, re.compile(rf"\b(?:{NUMBER}[\s-]*(?:add|take)|(?:add|take)[\s-]*\d{{1,2}})\b", re.IGNORECASE)),
    (Treatment.WRITETHRU, re.compile(r"\bwrite-?\s?thr(?:u|ough)s?\b", re.IGNORECASE)),
    (Treatment.LEAD, re.compile(rf"\b{NUMBER}[\s-]*(?:ld|lead)\b|^\W*(?:new|sub)\s+lead\b", re.IGNORECASE)),
    (Treatment.UPDATE, re.compile(r"^\W*updat(?:e|es|ed|ing)\b", re.IGNORECASE)),
)
BEGINNING = 200
"""A note says first what the copy is; further on it may name other copy."""


def treatment_of(item: Item) -> Treatment | None:
    """Return how the copy was made, as far as it says so. Its headline and text are for readers, and not asked."""
    if item.takes_back:
        return None
    if item.change is Change.CORRECTION:
        return Treatment.CORRECTION
    told = " ".join(part for part in ((item.ed_note or "")[:BEGINNING], _version_words(item)) if part)
    found = next((treatment for treatment, words in TOLD if words.search(told)), None)
    return found or (Treatment.UPDATE if item.change is Change.UPDATE else None)


def _version_words(item: Item) -> str:
    """Return what an old wire says beside its slug: its lead by number, and its takes in slugs of their own."""
    if not item.identity_inferred:
        return ""
    lead = f"{item.version}th lead" if item.version else ""
    take = re.search(r"\badd \d{1,2}$", item.slugline or "")
    return f"{lead} {take[0] if take else ''}".strip()
