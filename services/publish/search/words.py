"""The words of a text, as they are looked for. Pure.

Both databases are given words that were cut here, and never text: what is found is then the same on both, and no part
of a question can mean anything to either. An accent, a capital letter, an apostrophe do not tell words apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["LONGEST_WORD", "spans_of", "words_of"]

LONGEST_WORD = 40
"""Characters that are told apart: what is longer is no word."""
# Vowel signs and the like belong to their letter, and Python's \w leaves them out.
_MARKS = "".join(chr(code) for code in range(0x300, 0x2000) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
_APOSTROPHES = "'\u2019"
_RUN = re.compile(rf"[\w{_MARKS}]+(?:[{_APOSTROPHES}][\w{_MARKS}]+)*")
_ASCII_RUN = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")
# Written without spaces: each character counts as a word, and several in a row as a phrase.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_PART = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}]+")
_NOT_IN_WORDS = re.compile(rf"[^\w{_MARKS}]|_")
_ACCENTS = re.compile("[\u0300-\u036f]")
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s$", re.IGNORECASE)
_ELISION = re.compile(f"^(?:[ldjmnstc]|qu)[{_APOSTROPHES}](?=..)", re.IGNORECASE)

Span = tuple[int, int, str]
"""Where a word stands in the text, from and to, and the word as it is looked for."""


def spans_of(text: str) -> Iterator[Span]:
    """Yield the words of a text in their order, each with where it stands."""
    # As many characters as before, so that the places stay true.
    for run in _RUN.finditer(text.replace("_", " ")):
        if run[0].isascii() or not _ANY_UNSPACED.search(run[0]):
            yield from _span(run[0], run.start())
        else:
            for part in _PART.finditer(run[0]):
                yield from _span(part[0], run.start() + part.start())


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order."""
    if text.isascii():  # nearly all copy here, and a tenth of the time
        runs = _ASCII_RUN.findall(text.lower().replace("_", " "))
        return [run[:LONGEST_WORD] if run.isalnum() else _folded(run) for run in runs]
    return [word for _, _, word in spans_of(text)]


def _span(found: str, start: int) -> Iterator[Span]:
    word = _folded(found)
    if word:
        yield start, start + len(found), word


def _folded(word: str) -> str:
    """Return the word without capitals and accents; *minister's* is *minister*, *l'eau* is *eau*, *O'Brien* one word.

    Accents go from letters alone that may carry any: the vowel signs of Hindi or Thai are letters of their own.
    """
    if not word.isalnum():
        word = _ELISION.sub("", _POSSESSIVE.sub("", word))
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word.casefold())
        word = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
    return _NOT_IN_WORDS.sub("", word.casefold())[:LONGEST_WORD]
