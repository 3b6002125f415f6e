"""Settings of enrich, from the environment."""

from __future__ import annotations

from pydantic import Field

from shared.settings import ServiceSettings

__all__ = ["EnrichSettings"]


class EnrichSettings(ServiceSettings):
    port: int = Field(8090, validation_alias="ENRICH_PORT", ge=0, le=65_535)
    """Where ``/healthz``, ``/readyz`` and ``/metrics`` answer."""
    budget_ms: int = Field(500, validation_alias="ENRICH_BUDGET_MS", gt=0, le=60_000)
    """Milliseconds that a story waits for its enrichers; who is not done by then is skipped as ``late``."""
    at_once: int = Field(8, validation_alias="ENRICH_AT_ONCE", gt=0, le=256)
    """Stories of one batch that are worked on together."""
