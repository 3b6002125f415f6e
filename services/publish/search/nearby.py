"""The word that a mistyped one may have meant. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from services.publish.search.question import Question, Term, question_of
from services.publish.search.words import words_of

__all__ = ["distance", "guess"]

SHORTEST = 4
"""Shorter words have too many neighbours."""
TWO_ERRORS_FROM = 8


def guess(question: Question, texts: Iterable[str]) -> Question | None:
    """Return the question with each unknown word for the nearest of those in the texts, or None to leave it alone.

    Of several that are as near, the one used most often.
    """
    known = Counter(word for text in texts for word in words_of(text))
    terms = [_near(term, known) for term in question.wanted]
    if terms == list(question.wanted):
        return None
    return replace(question, wanted=tuple(terms))


def _near(term: Term, known: Counter[str]) -> Term:
    word = term.words[0]
    if len(term.words) > 1 or len(word) < SHORTEST or any(form in known for form in term.forms):
        return term
    if term.begins and any(other.startswith(word) for other in known):
        return term
    near = _nearest(word, known)
    return question_of(f"{near} ").wanted[0] if near else term


def _nearest(word: str, known: Counter[str]) -> str | None:
    allowed = 2 if len(word) >= TWO_ERRORS_FROM else 1
    letters = Counter(word)
    best: tuple[int, int, str] | None = None
    for other in known:
        if abs(len(other) - len(word)) > allowed or len(other) < SHORTEST or not _alike(letters, other, allowed):
            continue
        errors = distance(word, other)
        if errors <= allowed:
            candidate = (errors, -known[other], other)
            best = candidate if best is None else min(best, candidate)
    return best[2] if best else None


def _alike(letters: Counter[str], other: Collection[str], allowed: int) -> bool:
    """Say whether the letters alone allow so few errors: each error brings in at most one letter that is not there."""
    return (Counter(other) - letters).total() <= allowed


def distance(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many, or changed places with the next."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, counterpart in enumerate(other, start=1):
            cost = min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (letter != counterpart))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == counterpart:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]
