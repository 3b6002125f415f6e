"""Loading the enrichers' models, once, before the service is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrich.additions import Enrich, Enricher
from shared.logs import get_logger

__all__ = ["Absent", "Loaded", "load_all"]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An enricher that can be asked."""

    enricher: Enricher
    enrich: Enrich


@dataclass(frozen=True, slots=True)
class Absent:
    """An enricher whose model could not be had. Stories go on without it, and each says so."""

    enricher: Enricher
    reason: str
    """The exception's type: its message may hold paths, which stories have no business with."""


def load_all(registry: Sequence[Enricher]) -> tuple[Loaded | Absent, ...]:
    """Load every enricher of the registry, in its order; one that cannot be loaded costs the others nothing."""
    return tuple(_load(enricher) for enricher in registry)


def _load(enricher: Enricher) -> Loaded | Absent:
    try:
        enrich = enricher.load()
    except Exception as error:  # whatever a loader raises, the service goes on without it
        log.exception("enricher_not_loaded", enricher=enricher.name)
        return Absent(enricher, type(error).__name__)
    log.info("enricher_loaded", enricher=enricher.name, version=enricher.version)
    return Loaded(enricher, enrich)
