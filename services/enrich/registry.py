"""The enrichers, in the order in which they are asked and their findings merged.

Importing this loads no model: what is heavy is imported by each enricher's ``load``.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from services.enrich.additions import Enricher
from services.enrich.enrichers import (
    dateline,
    declared,
    embedding,
    keyphrases,
    language,
    names,
    places,
    reading_time,
    slugline,
    summary,
    topics,
    traits,
)

__all__ = ["CANDIDATE", "DEFAULT", "FULL", "REGISTRY", "SETS"]

DEFAULT: tuple[Enricher, ...] = (
    language.ENRICHER,
    reading_time.ENRICHER,
    dateline.ENRICHER,
    declared.ENRICHER,
    names.ENRICHER,
    places.ENRICHER,
    topics.ENRICHER,
    keyphrases.ENRICHER,
    summary.ENRICHER,
    slugline.ENRICHER,
    traits.ENRICHER,
)
FULL: tuple[Enricher, ...] = tuple(
    chain.from_iterable((embedding.ENRICHER, one) if one is topics.ENRICHER else (one,) for one in DEFAULT)
)
"""The full tier: embeddings of headline and lead, for links, and for topics, which come right after."""
CANDIDATE: tuple[Enricher, ...] = DEFAULT
"""What ``replay --with enrichers@candidate`` tries on the archive: put an enricher's next version here first."""

REGISTRY = DEFAULT
SETS: Mapping[str, tuple[Enricher, ...]] = {"default": DEFAULT, "full": FULL, "candidate": CANDIDATE}
