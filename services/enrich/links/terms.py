"""What a story is about, as weighted words: the rarer in news, and the earlier in the story, the heavier. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from services.enrich.frequencies import RAREST, load_rarity, stem
from services.enrich.links.shingles import words_of
from shared.article import Kind, Tag

__all__ = ["cosine", "named", "weighted_terms"]

MOST = 40
MOST_NAMES = 20
HEADLINE, LEAD, SECOND, REST = 2.0, 1.5, 1.0, 0.25
"""What one occurrence counts. Later paragraphs are background, which other events share."""
BY_KIND = {Kind.PERSON: 1.0, Kind.ORGANISATION: 0.8, Kind.PLACE: 0.5}
SHORTEST = 2


def weighted_terms(headline: str, paragraphs: Sequence[str]) -> dict[str, float]:
    """Return the heaviest terms, heaviest first, as a vector of length one."""
    counts: defaultdict[str, float] = defaultdict(float)
    parts = ((headline, HEADLINE), *zip(paragraphs, (LEAD, SECOND, *[REST] * len(paragraphs)), strict=False))
    for text, weight in parts:
        for word in words_of([text]):
            counts[stem(word)] += weight
    weights = {term: math.log1p(count) * rarity(term) for term, count in counts.items() if len(term) >= SHORTEST}
    return _unit(weights, MOST)


def named(tags: Iterable[Tag]) -> dict[str, float]:
    """Return the people, organisations and places, by how much the story is about them, as a vector of length one."""
    weights: dict[str, float] = {}
    for tag in tags:
        if tag.kind in BY_KIND:
            key = tag.name.casefold()
            weights[key] = max(weights.get(key, 0), BY_KIND[tag.kind] * (0.2 + tag.relevance / 100))
    return _unit(weights, MOST_NAMES)


def rarity(term: str) -> float:
    """Return how rare the word is in English, from 0 for the commonest to 1."""
    return load_rarity().get(term, RAREST)


def cosine(here: Mapping[str, float], there: Mapping[str, float]) -> float:
    """Return how alike two vectors of length one are, from 0 to 1."""
    return min(1.0, sum(weight * there[term] for term, weight in here.items() if term in there))


def _unit(weights: Mapping[str, float], most: int) -> dict[str, float]:
    """Keep the heaviest, ties by name so that the same story always gives the same bytes."""
    kept = sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:most]
    length = math.sqrt(sum(weight * weight for _, weight in kept))
    return {term: round(weight / length, 4) for term, weight in kept if weight > 0} if length else {}
