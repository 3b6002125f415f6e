"""What a story is about, as the pages that list it are called: pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from services.publish.sanitise import plain
from services.publish.slug import slug_of
from shared.article import Article, Kind, Tag

__all__ = ["Label", "label_of", "label_path", "labels_of"]

LEAST_CONFIDENCE = 40
MOST = 40
LONGEST_KEY = 120
LONGEST_CODE = 20
"""Digits. No list of subjects or places has as many, and the column of keys has room for so many beside the words."""
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Label:
    """One page that a story is listed on: ``/{kind}/{key}``."""

    kind: Kind
    key: str
    name: str
    relevance: int


def labels_of(article: Article) -> tuple[Label, ...]:
    """Return what the story is about, most so first, each page once: mentions have no page."""
    found: dict[tuple[Kind, str], Label] = {}
    for tag in sorted(article.newsroom.tags, key=lambda tag: -tag.relevance):
        label = label_of(tag)
        if label is not None:
            found.setdefault((label.kind, label.key), label)
    return tuple(found.values())[:MOST]


def label_of(tag: Tag) -> Label | None:
    """Return the page that the tag lists its story on, if it is sure enough and the story is about it."""
    name = plain(tag.name)
    key = _key(tag, name)
    if tag.rel != "about" or tag.confidence < LEAST_CONFIDENCE or not key:
        return None
    # The IPTC writes its concepts small, as in a list; here they are titles.
    title = name[:1].upper() + name[1:] if tag.kind is Kind.TOPIC else name
    return Label(tag.kind, key, title, tag.relevance)


def label_path(kind: str, key: str) -> str:
    """Return the address of the page."""
    return f"/{kind}/{key}"


def _key(tag: Tag, name: str) -> str:
    """Return the key: the IPTC's number for a topic; a city carries its number too, since there are several Perths."""
    code = (tag.code or "").rpartition(":")[2]
    numbered = code.isascii() and code.isdecimal() and len(code) <= LONGEST_CODE
    if tag.scheme == "mediatopic" and numbered:
        return code
    words = _words(name)
    return f"{words}-{code}" if words and tag.scheme == "geonames" and numbered else words


def _words(name: str) -> str:
    """Return a name's words for an address: ASCII where it can be written so, else in its own letters."""
    plain_letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").strip()
    if any(letter.isalpha() for letter in plain_letters.decode()):
        return slug_of(name)
    return _NOT_WORDS.sub("-", name.casefold()).strip("-")[:LONGEST_KEY]
