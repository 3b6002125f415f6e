"""Our own word lists: what is typical of each top-level topic, and what news calls the finer ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.enrich.topics.features import stems
from services.enrich.topics.vocabulary import Vocabulary

__all__ = ["Phrases", "read_phrases", "read_words", "tops", "written_words"]

DATA = Path(__file__).parent.parent / "data"
WORDS, PHRASES = DATA / "topics.words.txt", DATA / "topics.phrases.txt"
LONGEST = 4
"""Words of a phrase, stop words not counted."""


def tops(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the codes of the top level in order: the columns of the model."""
    return tuple(sorted(code for code, concept in vocabulary.concepts.items() if concept.broader is None))


def read_words(path: Path = WORDS) -> dict[str, dict[str, float]]:
    """Return by top-level code its typical stems and pairs of stems, with how typical they are (1 or 2)."""
    found: dict[str, dict[str, float]] = {}
    for code, words in written_words(path).items():
        section = found.setdefault(code, {})
        for word, typical in words.items():
            feature = stems(word)
            if feature and "" not in feature and len(feature) <= 2:  # the model knows single stems and pairs
                section[" ".join(feature)] = typical
    return found


def written_words(path: Path = WORDS) -> dict[str, dict[str, float]]:
    """Return by top-level code its typical words and pairs of words as the list has them, and how typical they are."""
    found: dict[str, dict[str, float]] = {}
    section: dict[str, float] = {}
    for line in _lines(path):
        if line.startswith("["):
            section = found.setdefault(line[1:9], {})
            continue
        section.update(
            {word.rstrip("!").replace("_", " "): 2.0 if word.endswith("!") else 1.0 for word in line.split()}
        )
    return found


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that stand for finer topics, as stems with stop words left out."""

    codes: Mapping[str, tuple[str, ...]]
    begins: frozenset[str]
    """The first stems of all of them, so that few others are tried."""

    def found_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield code and phrase for each occurrence; the longest at a place wins."""
        words = [stem for stem in stems(text) if stem]
        place = 0
        while place < len(words):
            step = 1
            if words[place] in self.begins:
                for length in range(min(LONGEST, len(words) - place), 0, -1):
                    phrase = " ".join(words[place : place + length])
                    if phrase in self.codes:
                        yield from ((code, phrase) for code in self.codes[phrase])
                        step = length
                        break
            place += step


def read_phrases(vocabulary: Vocabulary, path: Path = PHRASES) -> Phrases:
    """Return the phrases of our list, and the label of every living concept that the list does not take away."""
    codes: dict[str, list[str]] = {}
    unsaid: set[str] = set()
    for label, phrases in _entries(path):
        concept = vocabulary.by_label(label.lstrip("-"))
        if concept is None:
            raise ValueError(f"{path.name}: no living Media Topic is called {label.lstrip('-')!r}")
        unsaid |= {concept.code} if label.startswith("-") else set()
        _add(codes, concept.code, phrases)
    for code, concept in vocabulary.concepts.items():
        if concept.broader and not concept.retired and code not in unsaid:
            _add(codes, code, [re.sub(r"\(.*?\)", "", concept.name)])
    return Phrases({phrase: tuple(said) for phrase, said in codes.items()}, frozenset(p.split()[0] for p in codes))


def _add(codes: dict[str, list[str]], code: str, phrases: Iterable[str]) -> None:
    for phrase in phrases:
        every = stems(phrase)
        words = [stem for stem in every if stem]
        # One word left of several says something else than they did: the *us* of *US Open* is a stop word.
        if (
            0 < len(words) <= LONGEST
            and (len(words) > 1 or len(every) == 1)
            and code not in codes.setdefault(" ".join(words), [])
        ):
            codes[" ".join(words)].append(code)


def _entries(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in _lines(path):
        label, _, phrases = line.partition(":")
        yield label.strip(), [phrase.strip() for phrase in phrases.split(";") if phrase.strip()]


def _lines(path: Path) -> Iterator[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return (line for line in lines if line and not line.startswith("#"))
