"""Two versions of a text, compared by sentences. Pure.

A sentence that stands elsewhere than before has moved: it is shown once, where it is now, and not as one that went
and another that came.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from services.publish.history.sentences import sentences_of

__all__ = ["MOST", "Fate", "Paragraph", "Piece", "compared"]

MOST = 400
"""Paragraphs of a text, and sentences of a paragraph, that are compared one by one."""
ALIKE = 0.5
"""Share of the words that two paragraphs have in common, from which one is taken for the other's new version."""
_WORD = re.compile(r"\w+")


class Fate(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    """Of a paragraph alone: its sentences have fates of their own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    pieces: tuple[Piece, ...]

    @property
    def fate(self) -> Fate:
        fates = {piece.fate for piece in self.pieces}
        return fates.pop() if len(fates) == 1 else Fate.CHANGED


def compared(before: Iterable[str], after: Iterable[str]) -> tuple[Paragraph, ...]:
    """Return the text of ``after``, with what is gone where it stood. Both are paragraphs, of which 400 are read."""
    old = [tuple(sentences_of(text)) for text in list(before)[:MOST]]
    new = [tuple(sentences_of(text)) for text in list(after)[:MOST]]
    found: list[Paragraph] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += (_all(Fate.SAME, paragraph) for paragraph in new[new_from:new_to])
        else:
            found += _replaced(old[old_from:old_to], new[new_from:new_to])
    return _with_moves(found)


Sentences = tuple[str, ...]


def _all(fate: Fate, sentences: Sentences) -> Paragraph:
    return Paragraph(tuple(Piece(fate, sentence) for sentence in sentences))


def _replaced(old: Sequence[Sentences], new: Sequence[Sentences]) -> Iterator[Paragraph]:
    """Yield what became of a run of paragraphs: each new one beside the old one that it is a version of, if any."""
    done, came = 0, list[Paragraph]()
    for paragraph in new:
        version = next((n for n in range(done, len(old)) if _is_version(old[n], paragraph)), None)
        if version is None:
            came.append(_all(Fate.ADDED, paragraph))
            continue
        yield from (_all(Fate.REMOVED, gone) for gone in old[done:version])
        yield from came
        yield _sentence_by_sentence(old[version], paragraph)
        done, came = version + 1, []
    yield from (_all(Fate.REMOVED, gone) for gone in old[done:])
    yield from came


def _is_version(old: Sentences, new: Sentences) -> bool:
    if not set(old).isdisjoint(new):
        return True
    ours, theirs = (Counter(word for sentence in side for word in _WORD.findall(sentence)) for side in (old, new))
    return (ours & theirs).total() >= ALIKE * max(ours.total(), theirs.total(), 1)


def _sentence_by_sentence(old: Sentences, new: Sentences) -> Paragraph:
    if max(len(old), len(new)) > MOST:
        return Paragraph((*_all(Fate.REMOVED, old).pieces, *_all(Fate.ADDED, new).pieces))
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += _all(Fate.SAME, new[new_from:new_to]).pieces
        else:
            pieces += (*_all(Fate.REMOVED, old[old_from:old_to]).pieces, *_all(Fate.ADDED, new[new_from:new_to]).pieces)
    return Paragraph(tuple(pieces))


def _with_moves(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs with each sentence that both went and came shown once, as moved."""
    pieces = [piece for paragraph in paragraphs for piece in paragraph.pieces]
    gone, came = (Counter(p.text for p in pieces if p.fate is fate) for fate in (Fate.REMOVED, Fate.ADDED))
    moved = gone & came
    left = {Fate.REMOVED: moved.copy(), Fate.ADDED: moved.copy()}
    found = (Paragraph(tuple(_moving(paragraph.pieces, left))) for paragraph in paragraphs)
    return tuple(paragraph for paragraph in found if paragraph.pieces)


def _moving(pieces: Iterable[Piece], left: dict[Fate, Counter[str]]) -> Iterator[Piece]:
    for piece in pieces:
        counted = left.get(piece.fate)
        if counted is None or not counted[piece.text]:
            yield piece
            continue
        counted[piece.text] -= 1
        if piece.fate is Fate.ADDED:
            yield replace(piece, fate=Fate.MOVED)
