"""The numbers of delivery, each with the failure that it prevents."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DeliverySettings(BaseSettings):
    """``DELIVERY_…`` in the environment; the defaults suit a newsroom on one machine."""

    model_config = SettingsConfigDict(env_prefix="DELIVERY_", frozen=True)

    batch: int = Field(100, ge=1, le=1000)
    """Entries a read. Without a bound one reader takes the whole backlog and its siblings get nothing."""
    block_ms: int = Field(500, ge=10, le=4000)
    """Longest wait of one read. Under the client's time-out, and short enough for a prompt stop."""
    reclaim_idle_ms: int = Field(30_000, ge=100)
    """An entry that nobody touched for this long belongs to a dead reader. Readers refresh what they hold at half."""
    tick_seconds: float = Field(0.5, gt=0)
    """How often unfinished entries are looked through."""
    max_deliveries: int = Field(5, ge=1)
    """Tries before an entry that keeps failing, or keeps killing its reader, is set aside."""
    retry_base_seconds: float = Field(0.5, gt=0)
    retry_cap_seconds: float = Field(15.0, gt=0)
    """Back-off after a failure: base, doubled each time, at most the cap, with jitter. Under ``reclaim_idle_ms``."""
    surge_in_a_row: int = Field(20, ge=0)
    """Dead letters in a row that stop the reader; 0 never stops it."""
    surge_share: float = Field(0.5, gt=0, le=1)
    surge_window: int = Field(100, ge=10)
    drain_seconds: float = Field(20.0, gt=0)
    """Longest wait for what is in hand when stopping. Under the orchestrator's own limit."""
    stalled_seconds: float = Field(15.0, gt=0)
    """A reader that has not read for this long, with nothing in hand, is not ready."""
    janitor_seconds: float = Field(10.0, gt=0)
    forget_consumer_hours: float = Field(24.0, gt=0)
    published_memory_days: int = Field(30, ge=8)
    """How long the last published revision of a story is remembered; longer than any entry is kept."""
