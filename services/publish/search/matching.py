"""A question in the language of each database's index. Pure.

Stories are found in the order of where the words stand: the headline, then names and summary, then anywhere, last
those that only begin like the word that is being typed. Within each they come newest first. An order by frequency of
words would have to look at every story that has them; this one stops at a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from services.publish.search.document import Document
from services.publish.search.question import Question, Term

__all__ = ["Depth", "Match", "depths_of", "fts5_match", "ts_vector", "tsquery_match"]


class Depth(IntEnum):
    """Where all words of a question stand. A story is found at the first that holds."""

    HEADLINE = 1
    NAMED = 2
    ANYWHERE = 3
    BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Match:
    """What is looked for: the question at one depth or, with None, at any; and where stories must be filed."""

    question: Question
    depth: Depth | None
    filed: tuple[tuple[str, ...], ...] = ()
    """Of each, a story has one."""


def depths_of(question: Question) -> tuple[Depth, ...]:
    """Return where to look for the question, the best first."""
    return tuple(Depth) if question.begins else tuple(Depth)[:-1]


@dataclass(frozen=True, slots=True)
class _Language:
    term: Callable[[Term, str, bool], str]
    """The term in these columns, where it may be the beginning of a word or not."""
    columns: tuple[str, str, str]
    """Headline; headline, names, summary; all text."""
    all_of: Callable[[Iterable[str]], str]
    but_not: Callable[[str, str], str]
    filed: Callable[[Sequence[str]], str]


def fts5_match(match: Match) -> str:
    """Return the right side of ``MATCH``. Words are letters and digits alone, and stand in quotes."""
    return _written(match, _FTS5)


def tsquery_match(match: Match) -> str:
    """Return the text of a ``tsquery``."""
    return _written(match, _TSQUERY)


def _written(match: Match, language: _Language) -> str:
    question, depth = match.question, match.depth
    headline, named, anywhere = language.columns
    begins = depth in {None, Depth.BEGINNING}
    where = {Depth.HEADLINE: headline, Depth.NAMED: named}.get(depth or Depth.ANYWHERE, anywhere)

    def wanted(columns: str, *, begins: bool) -> str:
        return language.all_of(language.term(term, columns, begins) for term in question.wanted)

    text = language.all_of((wanted(where, begins=begins), *map(language.filed, match.filed)))
    before = {Depth.NAMED: headline, Depth.ANYWHERE: named, Depth.BEGINNING: anywhere}
    if depth in before:
        text = language.but_not(text, wanted(before[depth], begins=False))
    for term in question.unwanted:
        text = language.but_not(text, language.term(term, anywhere, False))  # noqa: FBT003 - no beginning of a word
    return text


def _fts5_term(term: Term, columns: str, begins: bool) -> str:  # noqa: FBT001 - the form of _Language
    if len(term.words) > 1:
        return f'{{{columns}}} : "{" ".join(term.words)}"'
    forms = [f'"{form}"' for form in term.forms]
    if begins and term.begins:
        forms.append(f'"{term.words[0]}"*')
    return f"{{{columns}}} : ({' OR '.join(forms)})"


def _tsquery_term(term: Term, where: str, begins: bool) -> str:  # noqa: FBT001 - the form of _Language
    if len(term.words) > 1:
        return "(" + " <-> ".join(f"'{where}{word}'" for word in term.words) + ")"
    forms = [f"'{where}{form}'" for form in term.forms]
    if begins and term.begins:
        forms.append(f"'{where}{term.words[0]}':*")
    return f"({' | '.join(forms)})"


_FTS5 = _Language(
    term=_fts5_term,
    columns=("headline", "headline names summary", "headline names summary body"),
    all_of=lambda parts: "(" + " AND ".join(parts) + ")",
    but_not=lambda text, other: f"({text} NOT {other})",
    filed=lambda words: "{filed} : (" + " OR ".join(f'"{word}"' for word in words) + ")",
)
_TSQUERY = _Language(
    term=_tsquery_term,
    columns=("=h", "=n", ""),
    all_of=lambda parts: "(" + " & ".join(parts) + ")",
    but_not=lambda text, other: f"({text} & !({other}))",
    filed=lambda words: "(" + " | ".join(f"'={word}'" for word in words) + ")",
)

LAST_PLACE = 16_383
"""PostgreSQL tells no more places apart."""
MOST_PLACES = 250
A_GAP = 10
"""Places between two parts of a story, so that no phrase reaches over."""


def ts_vector(document: Document) -> str:
    """Return the text of a ``tsvector``: words with their places.

    It is written here, and not made by a configuration of PostgreSQL, so that words are cut as for SQLite. What stands
    in the headline stands there once more behind ``=h``, what stands in headline, names or summary behind ``=n``: the
    index alone then answers where a word stands. It knows no weights, for which every story would have to be read.
    """
    places: dict[str, list[str]] = {}
    place = 0
    for words, marks in (
        (document.headline, ("", "=n", "=h")),
        (document.names, ("", "=n")),
        (document.summary, ("", "=n")),
        (document.body, ("",)),
    ):
        for word in words:
            place = min(place + 1, LAST_PLACE)
            for mark in marks:
                found = places.setdefault(mark + word, [])
                if len(found) < MOST_PLACES:
                    found.append(str(place))
        place = min(place + A_GAP, LAST_PLACE)
    text = " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())
    return " ".join((text, *(f"'={word}'" for word in document.filed)))
