"""Copy as a set of word shingles: a text without its markup, case, quotes and spacing. Pure."""

from __future__ import annotations

import hashlib
import html
import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

__all__ = ["Filed", "Shingles", "shingles_of", "words_of"]

WIDTH = 3
"""Words a shingle: two share too much between any two stories, four lose too much to one changed word."""

BLANK = "#"

MOST_WORDS = 5_000
"""A longer text is nobody's wire copy, and its shingles would fill what many stories need."""

_INLINE = re.compile(r"</?(?:a|em|strong)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
# The apostrophe inside a word differs from house to house: typewriter, typographic, or a letter of its own.
_QUOTES = re.compile("(?<=\\w)['\u2019\u02bc](?=\\w)")
# A number with its points and commas is one word. Han and kana are written without spaces: a character is a word.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Filed:
    """What is kept of a text, to judge others by: no word of it can be read back."""

    digest: str
    """Of the normalised words: the same for texts that differ in nothing but their dress."""
    hashes: frozenset[int]
    """32-bit hashes, each of a few words in a row."""
    masked: frozenset[int]
    """Of the shingles with a fact in the middle, a number or a name, each with that left blank."""

    def to_bytes(self) -> bytes:
        """Lay it out in four bytes a hash, after the digest and the number of hashes."""
        hashes = (*sorted(self.hashes), *sorted(self.masked))
        return struct.pack(f">16sI{len(hashes)}I", bytes.fromhex(self.digest), len(self.hashes), *hashes)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Read what :meth:`to_bytes` laid out."""
        digest, count, *hashes = struct.unpack(f">16sI{(len(packed) - 20) // 4}I", packed)
        return cls(digest.hex(), frozenset(hashes[:count]), frozenset(hashes[count:]))


@dataclass(frozen=True, slots=True)
class Shingles:
    """One text as it is compared with what is filed."""

    words: int
    filed: Filed
    stated: frozenset[tuple[int, int]]
    """The shingles with a fact in the middle, each as itself and with the fact left blank.

    In the middle, for at the end of a text, where furniture begins, other facts follow without contradiction. A fact is
    a number or a word with a capital. In a text that is all capitals, or in a language that gives them to every noun, a
    changed word then counts as a changed fact, and the copy is not folded: that errs on the safe side.
    """


def shingles_of(body_html: str) -> Shingles | None:
    """Return the shingles of sanitised block HTML; None for a text of no words or too many."""
    words = words_of(body_html)
    if not words or len(words) > MOST_WORDS:
        return None
    plain = [_normal(word) for word in words]
    facts = [not word[0].islower() and word[0].isalnum() for word in words]
    hashes, stated = set(), set()
    for start in range(max(1, len(words) - WIDTH + 1)):
        shingle = plain[start : start + WIDTH]
        here = _hash(shingle)
        hashes.add(here)
        if len(shingle) == WIDTH and facts[start + 1]:
            stated.add((here, _hash((shingle[0], BLANK, shingle[2]))))
    digest = hashlib.sha256(" ".join(plain).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Shingles(len(words), Filed(digest, frozenset(hashes), frozenset(b for _, b in stated)), frozenset(stated))


def words_of(body_html: str) -> list[str]:
    """Return the words, each as it is written but for its apostrophe."""
    text = unicodedata.normalize("NFKC", html.unescape(_TAG.sub(" ", _INLINE.sub("", body_html))))
    return _WORD.findall(_QUOTES.sub("", text))


def _normal(word: str) -> str:
    return word.replace(",", "") if word[0].isdigit() else word.casefold()


def _hash(words: Iterable[str]) -> int:
    shingle = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(shingle, digest_size=4).digest())
