"""Finding a list of enrichers by its name, in the service and in its workers alike."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from services.enrich.additions import Enricher

__all__ = ["registry_at"]


def registry_at(path: str, off: frozenset[str] = frozenset()) -> tuple[Enricher, ...]:
    """Return the enrichers of ``module:NAME``, without those that are switched off."""
    module, _, name = path.partition(":")
    registry: Sequence[Enricher] = getattr(importlib.import_module(module), name)
    return tuple(enricher for enricher in registry if enricher.name not in off)
