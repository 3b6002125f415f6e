"""Finding the gazetteer's terms in a text: countries, their adjectives, regions and the best known cities.

A term begins with a capital and ends at the end of a word; the longest one wins. What looks like part of a person's or
product's name, or of an idiom (*Guinea pig*, *French fries*), is left out; what may be one is marked unsure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from services.enrich.gazetteer.folding import fold_in_place
from services.enrich.gazetteer.places import Gazetteer, Term
from services.enrich.gazetteer.words import (
    AFTER_ARTICLE,
    IDIOMS,
    LANGUAGES,
    NAMES_OF_PEOPLE,
    NO_GIVEN_NAMES,
    UNSURE_IN_CAPITALS,
)

__all__ = ["Find", "find_terms", "is_title"]

CAPITALISED = re.compile(r"(?<![^\W_])[^\W\d_a-z]")
NEXT_WORD = re.compile(r"[ -]?([^\W\d_]+)")
LAST_WORD = re.compile(r"(?:^|[^\w.])([^\W\d_.]+|[^\W\d_]\.)[ -]$")

SPEECH = re.compile(r"(?:\bin|speaks?|spoke|speaking|fluent|learn|translated into|into) $")

SHORTENED = frozenset({"us", "uk", "uae", "usa", "drc", "png", "dprk", "act", "nsw"})
POINTED = frozenset({"u s", "u k", "d c", "u s a", "u a e"})
BEFORE_FOOD = re.compile(r"\b(?:an?|roast|fried|bone|fine) $")


class Find(NamedTuple):
    term: Term
    start: int
    end: int
    unsure: bool
    """It may be something else: it counts where another find agrees."""


def find_terms(text: str, gazetteer: Gazetteer, *, headline: bool = False) -> Iterator[Find]:
    """Yield the terms of a text, in order; none overlaps another. A headline may have a capital on every word."""
    folded = fold_in_place(text)
    title = headline and is_title(text)
    capitals, done = text.isupper(), 0
    for capital in CAPITALISED.finditer(text):
        start = capital.start()
        if start < done:
            continue
        name = _term_at(folded, start, gazetteer)
        if name is None:
            continue
        end = start + len(name)
        if text[end : end + 1] == "." and " " in name and text[end - 2 : end - 1] == ".":
            end += 1  # U.S.
        done = end
        if _is_other(text, folded, start, name, title=title):
            continue
        unsure = (capitals and name in UNSURE_IN_CAPITALS) or (title and name in NAMES_OF_PEOPLE | AFTER_ARTICLE)
        yield Find(gazetteer.terms[name], start, end, unsure)


def is_title(text: str) -> bool:
    """Tell whether a line is in title case or capitals, where a capital says nothing."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(text) < 200 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _term_at(folded: str, start: int, gazetteer: Gazetteer) -> str | None:
    word = NEXT_WORD.match(folded, start)
    if word is None:
        return None
    for name in gazetteer.phrases.get(word[0], ()):
        end = start + len(name)
        if folded.startswith(name, start) and not folded[end : end + 1].isalnum():
            return name
    return None


def _is_other(text: str, folded: str, start: int, name: str, *, title: bool) -> bool:
    """Tell whether what reads like a term is another word, an idiom, a language or a person's name."""
    end = start + len(name)
    if (name in SHORTENED and not text[start:end].isupper()) or (name in POINTED and text[start + 1] != "."):
        return True
    before = folded[max(0, start - 24) : start]
    if IDIOMS.match(folded, start) or (name in AFTER_ARTICLE and BEFORE_FOOD.search(before)):
        return True
    if name in LANGUAGES:
        return _is_language(text, before, end)
    return not title and name in NAMES_OF_PEOPLE and _beside_a_name(text, start, end)


def _is_language(text: str, before: str, end: int) -> bool:
    """Tell *in French,* and *spoke French* from *in French cities*."""
    following = NEXT_WORD.match(text, end)
    if text.startswith(("-speak", " speak", "-language"), end):
        return True
    return SPEECH.search(before) is not None and (following is None or text[end : end + 1] != " ")


def _beside_a_name(text: str, start: int, end: int) -> bool:
    """Tell a person's name: a capitalised word right before (not at the start of a sentence) or right after."""
    after = NEXT_WORD.match(text, end)
    if after and after[1][0].isupper() and text[end] == " ":
        return True
    before = LAST_WORD.search(text[max(0, start - 24) : start])
    if before is None or not before[1][0].isupper() or text[start - 1] != " " or before[1].isupper():
        return False
    return before[1].lower().rstrip(".") not in NO_GIVEN_NAMES
