"""How much of the past links reach into."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["LinkSettings"]


class LinkSettings(BaseSettings):
    """``ENRICH_LINK_…`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="ENRICH_LINK_", frozen=True)

    hours: float = Field(72.0, gt=0, le=24 * 30)
    """How far apart two stories may be to be one text or one event: an annual report is not last year's."""
    related_hours: float = Field(168.0, gt=0, le=24 * 30)
    """How far apart two stories on one subject may be, and how long a story is remembered at least."""
    stories: int = Field(20_000, ge=10, le=1_000_000)
    """Stories remembered, the oldest forgotten first; one takes about 6 KB of Redis."""
    timeout_ms: int = Field(50, ge=1, le=10_000)
    """Longest wait for Redis; the story then goes without links."""

    @property
    def remembered_hours(self) -> float:
        """How long a story is remembered."""
        return max(self.hours, self.related_hours)
