"""Finding and judging near-duplicates, given shingles. Pure.

A sketch is the k smallest hashes of a text (Broder's own MinHash): two texts of which a share J is common have none of
k = 16 in common with a chance of (1 - J)^16, 3 in 1,000 at J = 0.3. It costs a sort, where 128 permutations cost
128 hashes a shingle. A sketch only finds candidates; whether they are one text is judged by all their shingles.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection

from services.ingest.folding.shingles import Filed, Shingles

__all__ = ["SKETCH", "adds_nothing", "contained", "contradicts", "same_copy", "sketch"]

SKETCH = 16

FOLDS_AT = 0.85
"""Share of a copy's shingles that the story must have. Furniture of two lines on a story of 150 words leaves 0.88, a
third new leaves 0.70, every seventh word changed 0.6: docs/duplicates.md."""

LEAST_WORDS = 40
"""Shorter copy is a headline with a line under it, and those repeat without being the same."""


def sketch(hashes: Collection[int]) -> list[int]:
    """Return the smallest hashes: what the text is filed under."""
    return heapq.nsmallest(SKETCH, hashes)


def contained(copy: Collection[int], story: Collection[int]) -> float:
    """Return the share of the copy that the story has."""
    return len(set(copy) & set(story)) / max(len(copy), 1)


def contradicts(copy: Shingles, story: Filed) -> bool:
    """Tell whether the copy has another number or name where the story has the same words.

    That is what two weather reports, two market tables or a corrected toll have, and what a changed word is not.
    """
    return any(here not in story.hashes and blank in story.masked for here, blank in copy.stated)


def adds_nothing(copy: Shingles, story: Filed) -> bool:
    """Tell whether the copy says nothing that the story does not: it may then be folded into it.

    This is not symmetrical, so that a longer text is never hidden behind a shorter one.
    """
    return _is_same(copy, story, contained(copy.filed.hashes, story.hashes))


def same_copy(copy: Shingles, story: Filed) -> bool:
    """Tell whether copy that names no story is another revision of this one, from the same source on the same day.

    Cut or grown, so long as one has nearly all of the other.
    """
    here, there = copy.filed.hashes, story.hashes
    return _is_same(copy, story, max(contained(here, there), contained(there, here)))


def _is_same(copy: Shingles, story: Filed, share: float) -> bool:
    if copy.words < LEAST_WORDS:
        return False
    return copy.filed.digest == story.digest or (share >= FOLDS_AT and not contradicts(copy, story))
