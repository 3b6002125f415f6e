"""What a reader asks for, out of what was typed: words, "phrases", -words that must not be there. Pure.

Anything is a question: what is no word in it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.publish.search.words import words_of

__all__ = ["LONGEST", "Question", "Term", "question_of"]

LONGEST = 200
"""Characters of a question that are read."""
MOST_TERMS = 12
SHORTEST_PREFIX = 2
SHORTEST_INFLECTED = 3
_CHUNK = re.compile(r'(?<!\S)(?P<no>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<word>\S+)')
_QUOTES = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb", '"' * 5)


@dataclass(frozen=True, slots=True)
class Term:
    """One word or, in their order, several; ``forms`` are a single word's."""

    words: tuple[str, ...]
    forms: tuple[str, ...]
    begins: bool = False
    """It may be the beginning of a longer word: the reader has not gone on from it."""

    def as_typed(self) -> str:
        return self.words[0] if len(self.words) == 1 else f'"{" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class Question:
    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Whether it asks for anything; to want nothing but what is not there is no question."""
        return bool(self.wanted)

    @property
    def begins(self) -> bool:
        return any(term.begins for term in self.wanted)

    def as_typed(self) -> str:
        """Return text that asks the same."""
        return " ".join((*(t.as_typed() for t in self.wanted), *(f"-{t.as_typed()}" for t in self.unwanted)))


def question_of(text: str) -> Question:
    """Return the question; an empty one where there is no word in the text."""
    text = text[:LONGEST].translate(_QUOTES)
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for chunk in _CHUNK.finditer(text):
        typed = chunk["word"]
        no = typed.startswith("-") if typed else bool(chunk["no"])
        words = tuple(words_of(chunk["phrase"] if typed is None else typed))
        if words:
            is_last = bool(typed) and not no and chunk.end() == len(text)
            (unwanted if no else wanted).append(_term(words, inflects=bool(typed), begins=is_last))
    return Question(tuple(wanted[:MOST_TERMS]), tuple(unwanted[:MOST_TERMS]))


def _term(words: tuple[str, ...], *, inflects: bool, begins: bool) -> Term:
    """Return one term. A chunk of several words, as *covid-19* is, is a phrase."""
    single = len(words) == 1
    forms = _forms(words[0]) if single and inflects else words[:1] if single else ()
    return Term(words, forms, begins=begins and single and len(words[0]) >= SHORTEST_PREFIX)


def _forms(word: str) -> tuple[str, ...]:
    """Return the word and what it may be in the singular or plural, by the rules of English that others share."""
    if len(word) < SHORTEST_INFLECTED or not word.isascii() or not word.isalpha():
        return (word,)
    found = [word, f"{word}s", f"{word}es"]
    if word.endswith("y"):
        found.append(f"{word[:-1]}ies")
    if word.endswith("ies"):
        found.append(f"{word[:-3]}y")
    if word.endswith("es"):
        found.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        found.append(word[:-1])
    return tuple(dict.fromkeys(form for form in found if len(form) >= SHORTEST_INFLECTED))
