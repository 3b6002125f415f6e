"""The features of a text for the linear model: stems and pairs of them, hashed, weighted by where they stand.

Training and tagging both come through here, so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from services.enrich.copy import Copy

__all__ = ["BUCKETS", "Weighed", "bucket", "parts", "stems", "weigh"]

BUCKETS = 1 << 17
HEADLINE, LEAD, REST = 3.0, 2.0, 1.0
READ = 6_000
"""Characters of the body. What a story is about has been said by then, and what follows is background."""

TOKEN = re.compile(r"[a-z0-9]+")
STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing don down during each few for from further had has have having he her here
    hers him his how i if in into is it its just ll me more most my no nor not now of off on once only or other our out
    over own re s said same say says she should so some such t than that the their them then there these they this those
    through to too told under until up us ve very was we were what when where which while who whom why will with would
    you your yours mr mrs ms monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december one two three year years day days week weeks month months new
    last first time""".split()  # noqa: SIM905 - a list of a hundred quoted words cannot be read
)
ENDINGS = ("ings", "ing", "ies", "ied", "ers", "ed", "es", "s")

Weighed = dict[str, float]
"""By stem, or by pair of stems with a space between, how much of it there is."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Cut the endings that the words of one root differ by; crude, and the same for everyone."""
    if len(word) < 4 or word.isdigit():
        return word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "er" if ending == "ers" else "")
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


@lru_cache(maxsize=100_000)
def bucket(feature: str) -> int:
    """Return the number that a feature is known by."""
    return crc32(feature.encode()) % BUCKETS


def stems(text: str) -> list[str]:
    """Return the stems of a text in order; a stop word is the empty string, so that no pair is made across it."""
    return ["" if word in STOP_WORDS else stem(word) for word in TOKEN.findall(text.lower())]


def parts(copy: Copy) -> list[tuple[float, str]]:
    """Return the pieces of an article with their weights."""
    rest = "\n".join(copy.paragraphs[1:])
    return [(HEADLINE, copy.headline), (LEAD, copy.lead[:READ]), (REST, rest[: max(0, READ - len(copy.lead))])]


def weigh(pieces: Iterable[tuple[float, str]]) -> Weighed:
    """Add up what the pieces hold."""
    found: Weighed = {}
    for weight, text in pieces:
        words = stems(text)
        for word, follower in zip(words, following(words), strict=True):
            if word:
                found[word] = found.get(word, 0.0) + weight
                if follower:
                    pair = f"{word} {follower}"
                    found[pair] = found.get(pair, 0.0) + weight
    return found


def following(words: Sequence[str]) -> list[str]:
    """Return for each word the next one."""
    return [*words[1:], ""] if words else []
