"""How alike two stories are, and what that makes them to one another. Pure.

The thresholds are chosen on ``benchmarks/links.py``'s made-up edits and on the development articles of the evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.enrich.links.shingles import Hashes
from services.enrich.links.terms import cosine
from services.enrich.links.traits import Traits

__all__ = ["Scores", "cluster_pairs", "contained", "contradiction", "link_scores"]

Rel = Literal["duplicate", "event", "related"]

DUPLICATE_AT = 0.5
"""Share of the shorter text's shingles that the other has: one third written anew leaves 0.6."""
CONTRADICTED_AT = 0.25
"""Share of the facts between the same words that are others: two reports from one template, with other numbers."""
LEAST_FACTS = 3
EVENT_AT, RELATED_AT = 0.20, 0.12
EVENT_AT_FULL, RELATED_AT_FULL = 0.35, 0.26
"""Other words for one event reach 0.06 to 0.41 by terms alone and 0.30 to 0.52 with meaning, other events 0.10 and 0.26
at most in the benchmark; in a year of one outlet's news, stories that are only related begin to outnumber those on one
event under about 0.35."""
NAMES = 0.25
"""Weight of the names beside the terms. Those who make news every day are in too many stories to count for more."""
MEANING = 0.55
"""Weight of the meaning beside both."""
SAID = 4
"""Common terms that an explanation names."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Two stories beside one another, each figure from 0 to 1."""

    text: float
    """Share of the shorter text that the longer one has."""
    contradiction: float
    """0 where the texts have too little in common to be one."""
    alike: float
    """How much they are about the same, by terms, names and, in the full tier, meaning."""
    full: bool
    common: tuple[str, ...]
    """The names and terms that count most in both."""

    @property
    def rel(self) -> Rel | None:
        """What the one is to the other; None where it is nothing."""
        if self.text >= DUPLICATE_AT and self.contradiction < CONTRADICTED_AT:
            return "duplicate"
        if self.alike >= (EVENT_AT_FULL if self.full else EVENT_AT):
            return "event"
        return "related" if self.alike >= (RELATED_AT_FULL if self.full else RELATED_AT) else None

    @property
    def percent(self) -> int:
        """The figure that the relation rests on, for the reader."""
        return min(100, round(100 * (self.text if self.rel == "duplicate" else self.alike)))

    @property
    def explanation(self) -> str:
        """The reason in a few words."""
        if self.rel == "duplicate":
            return f"{self.percent} % of the shorter text stands in the other"
        return f"both: {', '.join(self.common)}" if self.common else "alike in meaning"


def link_scores(here: Traits, there: Traits) -> Scores:
    """Compare two stories; either may come first. The full tier's figures are used where both have an embedding."""
    terms, names = cosine(here.terms, there.terms), cosine(here.names, there.names)
    full = here.embedding is not None and there.embedding is not None
    known = bool(here.names) and bool(there.names)
    alike = (1 - NAMES) * terms + NAMES * names if known else terms
    if here.embedding is not None and there.embedding is not None:
        meaning = max(0.0, _direction(here.embedding, there.embedding))
        alike = (1 - MEANING) * alike + MEANING * meaning
    text = contained(here.shingles, there.shingles)
    # Two thirds of the time that comparing took, and few stories have text enough in common to be asked.
    apart = max(contradiction(here, there), contradiction(there, here)) if text >= DUPLICATE_AT else 0.0
    return Scores(
        text=text,
        contradiction=apart,
        alike=alike,
        full=full,
        common=_common(here, there),
    )


def contained(here: Hashes, there: Hashes) -> float:
    """Return the share of the smaller set that the larger one has."""
    shorter = min(len(here), len(there))
    return len(np.intersect1d(here, there, assume_unique=True)) / shorter if shorter else 0.0


def contradiction(here: Traits, there: Traits) -> float:
    """Return, of the facts of the one that stand between the same words in the other, the share that are others."""
    comparable = np.isin(here.facts[:, 0], there.facts[:, 0])
    count = int(comparable.sum())
    if count < LEAST_FACTS:
        return 0.0
    return 1 - float(np.isin(here.facts[comparable, 1], there.facts[:, 1]).sum()) / count


def cluster_pairs(stories: Sequence[Traits]) -> set[tuple[int, int]]:
    """Return the pairs that are one text or one event, as indexes, the smaller first."""
    told = {"duplicate", "event"}
    pairs = ((i, j) for j in range(len(stories)) for i in range(j))
    return {(i, j) for i, j in pairs if link_scores(stories[i], stories[j]).rel in told}


def _direction(here: np.ndarray, there: np.ndarray) -> float:
    first, second = here.astype(np.float32), there.astype(np.float32)
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / length if length else 0.0


def _common(here: Traits, there: Traits) -> tuple[str, ...]:
    return (*_heaviest(here.names, there.names), *_heaviest(here.terms, there.terms))[:SAID]


def _heaviest(here: Mapping[str, float], there: Mapping[str, float]) -> list[str]:
    common = {term: weight * there[term] for term, weight in here.items() if term in there}
    return sorted(common, key=lambda term: (-common[term], term))[: SAID // 2 + 1]
