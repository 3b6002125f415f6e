"""What a story says again and again: its terms, with how often, how early and how they are printed. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.enrich.frequencies import stem
from services.enrich.naming.kinds import NATIONALITIES, is_nationality
from services.enrich.stop_words import ENGLISH, IRREGULAR_VERBS
from services.enrich.text import WORD

__all__ = ["Key", "Piece", "Term", "gather"]

Key = tuple[str, ...]
"""The stems of a term's words."""

LONGEST = 3
"""Words of a phrase of common words."""
LONGEST_NAME = 4
SHORTEST, SHORTEST_NAME = 4, 2
"""Letters of a word by itself."""
LONGEST_WORD = 40
SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]]*\s+[\"'“‘(\[]*$|^[\"'“‘(\[]*$")  # noqa: RUF001 - as printed
POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001 - as printed
BEFORE_A_VERB = frozenset({"to", "will", "would", "can", "could", "may", "might", "must", "should", "cannot", "not"})
"""What stands before *develop* in *to develop*; *to hospital* is lost too, and stands elsewhere without it."""
BEFORE_A_NAME = frozenset({"new"})
"""Stop words that a name may begin with."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The headline or a paragraph."""

    text: str
    weight: float
    taken: tuple[tuple[int, int], ...] = ()
    """Where names stand that are known already: nothing else is looked for there."""
    proves_names: bool = True
    """Whether a capital inside a sentence says that the word is a name."""


@dataclass(slots=True)
class Term:
    """A name or a phrase of the story."""

    key: Key
    name: bool = False
    times: int = 0
    weight: float = 0.0
    spellings: Counter[str] = field(default_factory=Counter)
    guesses: Counter[str] = field(default_factory=Counter)
    """Spellings where a capital is no choice: at the beginning of a sentence and in headlines."""

    def add(self, weight: float, spelling: str, *, sure: bool = True) -> None:
        """Count one occurrence."""
        self.times += 1
        self.weight += weight
        (self.spellings if sure else self.guesses)[spelling] += 1

    @property
    def spelling(self) -> str:
        """The spelling that the copy uses most."""
        seen = self.spellings or self.guesses
        return min(seen, key=lambda one: (-seen[one], one))


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    capital: bool
    """It has a capital where a common word would have none."""
    first: bool


def gather(pieces: Iterable[Piece]) -> dict[Key, Term]:
    """Return the terms of a story: runs of words with a capital as names, and common words by ones, twos and threes."""
    terms: dict[Key, Term] = {}
    held_back: list[tuple[list[Token], float]] = []
    for piece in pieces:
        for run in _runs(piece):
            if piece.proves_names:
                for tokens, name in _parted(run):
                    _count(tokens, name, piece.weight, terms)
            else:
                held_back.append((run, piece.weight))
    for run, weight in held_back:
        for tokens, name in _with_known_names(run, terms):
            _count(tokens, name, weight, terms)
    return terms


def _runs(piece: Piece) -> Iterator[list[Token]]:
    """Yield words that stand side by side, parted by stop words, marks and names that are known."""
    run: list[Token] = []
    end, taken, last, before = 0, list(reversed(piece.taken)), "", ""
    for found in WORD.finditer(piece.text):
        while taken and taken[-1][1] <= found.start():
            taken.pop()
        word = POSSESSIVE.sub("", found[0])
        gap = piece.text[end : found.start()]
        first = gap != " " and bool(SENTENCE_END.search(piece.text[max(0, end - 1) : found.start()]))
        if run and (gap != " " or last != run[-1].word):
            yield run
            run = []
        end, last = found.end(), found[0]
        verb, before = before in BEFORE_A_VERB and word.islower(), word
        if (taken and taken[-1][0] < found.end()) or verb or not _says_something(word, starts_name=not first):
            if run:
                yield run
            run = []
            continue
        run.append(Token(word, word[0].isupper() and not first, first))
    if run:
        yield run


def _says_something(word: str, *, starts_name: bool) -> bool:
    folded = word.casefold()
    if folded in ENGLISH:
        return starts_name and word[0].isupper() and folded in BEFORE_A_NAME
    return len(word) <= LONGEST_WORD and not word[0].isdigit() and word not in IRREGULAR_VERBS


def _parted(run: Sequence[Token]) -> Iterator[tuple[list[Token], bool]]:
    """Part a run into names and common words. One capital at the start of a sentence proves nothing, two do."""
    start = 0
    while start < len(run):
        end = start
        while end < len(run) and run[end].word[0].isupper() and end - start < LONGEST_NAME:
            end += 1
        tokens = list(run[start:end])
        if any(token.capital for token in tokens) and not is_nationality(" ".join(token.word for token in tokens)):
            yield tokens, True
            start = end
            continue
        end = max(end, start + 1)
        while end < len(run) and not run[end].capital:
            end += 1
        yield list(run[start:end]), False
        start = end


def _with_known_names(run: list[Token], terms: dict[Key, Term]) -> Iterator[tuple[list[Token], bool]]:
    """Part the words of a headline, whose capitals prove nothing, by the names that the body has."""
    start = common = 0
    while start < len(run):
        for length in range(min(LONGEST_NAME, len(run) - start), 0, -1):
            term = terms.get(_key(run[start : start + length]))
            if term is not None and term.name:
                if common < start:
                    yield run[common:start], False
                yield run[start : start + length], True
                start = common = start + length
                break
        else:
            start += 1
    if common < len(run):
        yield run[common:], False


def _count(tokens: list[Token], name: bool, weight: float, terms: dict[Key, Term]) -> None:  # noqa: FBT001 - of a pair
    if name:
        word = " ".join(token.word for token in tokens)
        if len(word) >= SHORTEST_NAME:
            key = _key(tokens)
            terms.setdefault(key, Term(key, name=True)).add(weight, word)
            terms[key].name = True
        return
    for length in range(1, LONGEST + 1):
        for start in range(len(tokens) - length + 1):
            part = tokens[start : start + length]
            if length == 1 and len(part[0].word) < SHORTEST:
                continue
            key = _key(part)
            spelling = " ".join(token.word for token in part)
            sure = spelling.islower() or all(map(_is_as_ever, part))
            terms.setdefault(key, Term(key)).add(weight, spelling, sure=sure)


def _is_as_ever(token: Token) -> bool:
    """Tell whether a word is printed as it would be anywhere: *ferry*, *Kenyan*, not *Ferry* or *FERRY*."""
    return token.word.islower() or token.word in NATIONALITIES


def _key(tokens: Sequence[Token]) -> Key:
    return tuple(stem(token.word) for token in tokens)
