"""How rare a word is in English: what it says of a story that has it."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["RAREST", "TABLE", "Rarity", "load_rarity", "stem"]

TABLE = Path(__file__).parent / "data/frequencies.json.gz"
"""Counts of words; written by ``tools/build_frequencies.py``, where their sources stand."""
INFLECTED = 4
"""Letters from which a final s is taken to be an ending."""
COMMONEST = 8e-3
"""Share of all words at which a word says nothing: *of*, *the*."""

Rarity = Mapping[str, float]
"""By stem, from 0 for the commonest words; one that the table lacks is at :data:`RAREST`."""
RAREST = 1.0


@cache
def load_rarity() -> Rarity:
    """Read the table."""
    document = json.loads(gzip.decompress(TABLE.read_bytes()))
    total = document["total"]
    rarest = math.log(COMMONEST * total)
    return {
        word: round(max(0.0, math.log(COMMONEST * total / count)) / rarest, 3)
        for word, count in document["counts"].items()
    }


def stem(word: str) -> str:
    """Return a word in small letters without the ending of a plural: *ferries* and *ferry* are counted together."""
    word = word.casefold()
    if len(word) < INFLECTED or word[-1] != "s" or word[-2] in "su'’":  # noqa: RUF001 - as printed
        return word
    if word.endswith("ies") and len(word) > INFLECTED + 1:
        return f"{word[:-3]}y"
    return word[: -2 if word.endswith(("ches", "shes", "sses", "xes", "zes")) else -1]
