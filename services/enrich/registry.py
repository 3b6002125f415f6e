"""The enrichers, in the order in which their findings are merged."""

from __future__ import annotations

from services.enrich.additions import Enricher
from services.enrich.enrichers import dateline_place, keywords, language, reading_time

__all__ = ["REGISTRY"]

REGISTRY: tuple[Enricher, ...] = (
    language.ENRICHER,
    reading_time.ENRICHER,
    dateline_place.ENRICHER,
    keywords.ENRICHER,
)
