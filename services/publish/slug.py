"""Names for addresses: the words of a headline, the key of a section. Pure."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["may_be_key", "section_key", "section_title", "slug_of", "story_path"]

LONGEST = 80
# First steps of addresses that are, or by the design will be, something else than a section.
TAKEN = frozenset({"api", "archive", "healthz", "live", "metrics", "readyz", "search", "static", "story", "topic"})
_APOSTROPHE = re.compile("['\u2019]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug_of(headline: str) -> str:
    """Return the headline for an address: ASCII, whole words, at most 80 characters, never empty."""
    words = _ascii(headline)
    if len(words) > LONGEST:
        words = words[:LONGEST].rpartition("-")[0] or words[:LONGEST]
    return words or "story"


def section_key(section: str) -> str:
    """Return the section as it stands in an address; copy without one is ``news``."""
    key = _ascii(section)[:LONGEST].strip("-") or "news"
    return f"{key}-news" if key in TAKEN else key


def may_be_key(text: str) -> bool:
    """Say whether a part of an address may be a key. PostgreSQL cannot even be asked for one with U+0000 in it."""
    return text.isprintable()


def section_title(key: str) -> str:
    """Return the section as a reader sees it."""
    words = key.replace("-", " ")
    return words[:1].upper() + words[1:]


def story_path(slug: str, story_id: str) -> str:
    """Return the one address of a story. A story_id has no hyphen, so that the last one parts the two."""
    return f"/story/{slug}-{story_id}"


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text))
    return _NOT_PLAIN.sub("-", folded.encode("ascii", "ignore").decode().lower()).strip("-")
