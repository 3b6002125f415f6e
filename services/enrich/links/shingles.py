"""A text as hashes of its words, three in a row, in numpy: what near-duplicates are found and told by. Pure.

Found by the smallest hashes (a bottom-k MinHash): two texts that have a share J of their shingles in common have none
of 16 in common with a chance of about (1 - J)^16, 3 in 1,000 at J = 0.3. Bands over 128 permutations reach as far and
cost 42 lists a story in Redis, not 16. Told by all the shingles, and by the facts between the same words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["SKETCH", "Hashes", "facts_of", "shingles_of", "sketch", "words_of"]

Hashes = NDArray[np.uint32]

WIDTH = 3
SKETCH = 16
LEAST_WORDS = 25
"""Shorter copy is a headline with a line under it, and those repeat without being the same."""

WORD = re.compile(r"\d+(?:[.,:]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
"""A number with its points is one word. Han and kana are written without spaces: a character is a word."""
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def words_of(paragraphs: Sequence[str]) -> list[str]:
    """Return the words as written; a paragraph's end is no word, for layout differs from house to house."""
    return WORD.findall("\n".join(paragraphs))


def shingles_of(words: Sequence[str]) -> Hashes:
    """Return the sorted hashes; none for copy too short to be told by them."""
    if len(words) < LEAST_WORDS:
        return np.empty(0, np.uint32)
    return np.unique(_hashed(_numbers(words)))


def facts_of(words: Sequence[str]) -> Hashes:
    """Return, a row each, shingles with a number or a name in the middle: with that left blank, and as they are.

    In the middle, for at the end of a text, where furniture begins, other facts follow without contradiction. Two
    weather reports or market tables have other facts between the same words.
    """
    if len(words) < LEAST_WORDS:
        return np.empty((0, 2), np.uint32)
    is_fact = np.array([not word[0].islower() for word in words[1:-1]])
    numbers = _numbers(words)
    blank = _mixed(numbers[:-2] * MIX[0] + numbers[2:] * MIX[2])
    found = np.stack([blank[is_fact], _hashed(numbers)[is_fact]], axis=1)
    return np.asarray(np.unique(found, axis=0), np.uint32)


def sketch(shingles: Hashes) -> list[int]:
    """Return the smallest hashes: what a text is filed under."""
    return [int(value) for value in shingles[:SKETCH]]


def _numbers(words: Sequence[str]) -> NDArray[np.uint64]:
    encoded = (word.casefold().encode("utf-8", "surrogatepass") for word in words)
    return np.fromiter((zlib.crc32(word) for word in encoded), np.uint64, len(words))


def _hashed(numbers: NDArray[np.uint64]) -> Hashes:
    return _mixed(numbers[:-2] * MIX[0] + numbers[1:-1] * MIX[1] + numbers[2:] * MIX[2])


def _mixed(sums: NDArray[np.uint64]) -> Hashes:
    """Spread every bit over the upper half (the finish of MurmurHash3), and keep that."""
    mixed = (sums ^ (sums >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(32)).astype(np.uint32)
