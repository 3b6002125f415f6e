"""Settings of enrich, from the environment."""

from __future__ import annotations

from pydantic import Field

from services.enrich.cores import cores
from shared.settings import ServiceSettings

__all__ = ["EnrichSettings"]


class EnrichSettings(ServiceSettings):
    port: int = Field(8090, validation_alias="ENRICH_PORT", ge=0, le=65_535)
    """Where ``/healthz``, ``/readyz`` and ``/metrics`` answer."""
    budget_ms: int = Field(500, validation_alias="ENRICH_BUDGET_MS", gt=0, le=60_000)
    """Milliseconds that a story waits for its enrichers; who is not done by then is skipped, and amends it later."""
    tier: str = Field("default", validation_alias="ENRICH_TIER", pattern="^(default|full)$")
    """``full`` adds embeddings; it needs what the extra ``enrich-full`` installs."""
    off: str = Field("", validation_alias="ENRICH_OFF")
    """Enrichers that are switched off, by name, with commas between."""
    worker_count: int = Field(0, validation_alias="ENRICH_WORKERS", ge=0, le=64)
    """Processes that run the enrichers; 0: one for each core that this process may use."""
    batch: int = Field(8, validation_alias="ENRICH_BATCH", gt=0, le=64)
    """Stories that a worker reads together. A larger batch is quicker in all and makes its first story wait longer."""
    hard_seconds: float = Field(20, validation_alias="ENRICH_HARD_SECONDS", gt=0, le=600)
    """Seconds after which a worker that has not come back is killed."""

    @property
    def workers(self) -> int:
        """The number of worker processes."""
        return self.worker_count or cores()

    @property
    def switched_off(self) -> frozenset[str]:
        """The names of the enrichers that are off."""
        return frozenset(filter(None, map(str.strip, self.off.split(","))))
