"""Where a sentence ends: not at the point of an abbreviation, an initial or a figure, and not inside its quotation."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re

__all__ = ["first_sentence", "is_sentence"]

ENDS = re.compile(r"(?:[.!?…]+|[。！？؟।]+)[\"'”’»)\]」』]*")
"""A point, and the marks that close with it."""
BEGINNING = re.compile(r"\s+[\"'“‘«(\[¿¡—–-]*\s?(?:[^\W_a-zà-öø-ÿ]|\d)|\s*$")
"""What the next sentence begins with: anything but a small letter of the Latin alphabet."""
UNSPACED = frozenset("。！？")
WORD_BEFORE = re.compile(r"[\w.&’'-]+$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
"""*J*, *U.S*: what stands before the point of an initial or of letters with points between them."""

_TITLES = """
adm amb atty brig capt cllr cmdr col cpl dep det dr drs fr gen gov hon insp jr lt lieut maj messrs mlle mme mr mrs ms
pres prof rep reps rev sec sen sens sgt spc sr st ste supt
"""
TITLES = frozenset(_TITLES.split())
"""Abbreviations that a name follows: never the end of a sentence."""
_OTHERS = """
approx art assn ave bros co corp dept dist div e.g est etc feb fig ft i.e inc jan jul jun aug sept sep oct nov dec mar
apr ltd mt no nos p plc pp pty vol vs v a.m p.m ed
"""
OTHERS = frozenset(_OTHERS.split())
"""Abbreviations that may end a sentence: they do where a word follows that sentences begin with."""
_STARTERS = """
a all also an and as at both but by during each for from he her his how however i if in it its last many more most no
on one she since so some that the their there these they this those though under we what when while with you
"""
STARTERS = frozenset(_STARTERS.split())
FEWEST_WORDS = 4


def first_sentence(text: str) -> str:
    """Return the text up to the end of its first sentence, or all of it where no end is seen."""
    for mark in ENDS.finditer(text):
        if _ends(text, mark):
            return text[: mark.end()].strip()
    return text.strip()


def is_sentence(text: str) -> bool:
    """Tell whether a text is a whole sentence: it begins as one, ends as one, and has a few words between."""
    closed = ENDS.search(text[-6:])
    begins = re.sub(r"^[\"'“‘«(\[¿¡\s]+", "", text)[:1]
    unspaced = bool(set(text) & UNSPACED)
    return bool(closed) and not begins.islower() and (unspaced or len(text.split()) >= FEWEST_WORDS)


def _ends(text: str, mark: re.Match[str]) -> bool:
    if mark[0][0] in UNSPACED:
        return _balanced(text[: mark.end()])
    after = BEGINNING.match(text, mark.end())
    if after is None:
        return False
    before = WORD_BEFORE.search(text, max(0, mark.start() - 30), mark.start())
    if mark[0] == "." and before and mark.end() < len(text) and not _may_end(before[0], text[mark.end() :]):
        return False
    return _balanced(text[: mark.end()]) or mark[0][-1] in '”"»」』'


def _may_end(word: str, rest: str) -> bool:
    """Tell whether a point after this word may end a sentence, by the word that follows."""
    bare = word.strip("'’").casefold()
    following = re.match(r"\W*([\w’']+)", rest[:40])
    starts = following is not None and following[1].casefold() in STARTERS
    if bare in TITLES:
        return False
    if bare in OTHERS:
        return starts
    if INITIALS.match(word):
        return starts and "." in word
    return True


def _balanced(text: str) -> bool:
    """Tell whether no typographic quotation is open; straight quotes are told by their number."""
    return text.count("“") <= text.count("”") and text.count("«") <= text.count("»") and text.count('"') % 2 == 0
