"""Names for copy that has none: old wires number their transmissions and label their stories, and no more."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date

from services.ingest.parse.text import bounded

__all__ = ["chain", "slugline_of", "transmission", "words_of_slug"]

# The cycle of an American wire: morning, afternoon, both, and the papers that may use it.
# After it may stand the region or the sport, closed by two hyphens.
CYCLE = re.compile(r"^(?:am|pm|bc|ap)-+(?:[a-z]{2,3}--)?", re.IGNORECASE)
LENGTH = re.compile(r"[,\s]+\d{2,5}$")
VERSION = re.compile(
    r"""(?<![^\W_])(?:
    \d{1,2}\s*(?:st|nd|rd|th)\s*-?\s*(?:ld|lead|add|take|writethru|update)s?
    | (?:ld|lead|add|take|pickup|adv)\s*-?\s*\d{1,2}
    | writethr(?:u|ough) | mandatory\s+kill | bulletin\s+kill | kill | correct(?:ion|ive|ed|s) | corr | refile
    | withhold | elimination | disregard | embargoed | embargo | urgent | bulletin | flash | sub | update\s*\d* | lead
    | advisory
    )(?![^\W_])""",
    re.IGNORECASE | re.VERBOSE,
)


def slugline_of(slug: str) -> str | None:
    """Return what stays of a slug over all versions of its story: ``BC-Ferry-Fire,1st Ld,450`` is ``Ferry-Fire``."""
    text = CYCLE.sub("", unicodedata.normalize("NFKC", slug[:400]).strip())
    bare = VERSION.sub(" ", LENGTH.sub("", text))
    return bounded(re.sub(r"\s*([,;]\s*)+$|^[\s,;/-]+|[\s,;/-]+$", "", bare), 120)


def words_of_slug(slug: str) -> str:
    """Return the words of a slug that stay over all versions: ``BC-Ferry-Fire,1st Ld,450`` is ``ferry fire``."""
    return " ".join(re.findall(r"[^\W_]+", (slugline_of(slug) or "").casefold()))


def chain(provider: str, slug: str, day: date, part: str = "") -> str | None:
    """Return the candidate name of the story, None for a slug without words. It is no URI, so it stands for none."""
    words = words_of_slug(slug)
    if not words:
        return None
    name = " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", provider).casefold()))[:80]
    return "/".join(filter(None, (name, words, day.isoformat(), part)))


def transmission(provider: str, service: str, day: date, sequence: str, body: bytes) -> str:
    """Return the name of one sending. Numbers wrap within days, so the body is part of it."""
    digest = hashlib.sha256(body).hexdigest()
    parts = [provider, service, day.isoformat(), sequence, digest]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
