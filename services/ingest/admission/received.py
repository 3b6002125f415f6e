"""One body as received, and the same once it is safe and was read."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.ingest.items import Hints, Item, Parsed, Warned
from services.ingest.settings import Source

__all__ = ["Copy", "Taken"]


def new_receipt() -> str:
    """Name one body received. Names sort by time."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One body as received."""

    source: str
    config: Source
    body: bytes
    content_type: str | None
    url: str | None = None
    traceparent: str | None = None
    """The sender's trace; without one each item starts its own."""
    receipt: str = field(default_factory=new_receipt)
    received: datetime = field(default_factory=lambda: datetime.now(UTC))

    def hints(self) -> Hints:
        """Return what a parser may fall back on."""
        return Hints(
            provider=self.config.provider,
            timezone=ZoneInfo(self.config.timezone),
            timezone_name=self.config.timezone,
            received=self.received,
            section=self.config.section,
            language=self.config.language,
            url=self.url,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A body that is safe and was read."""

    copy: Copy
    raw: str
    parsed: Parsed

    @property
    def entries(self) -> tuple[Item | Warned, ...]:
        """Everything in the body that has an outcome of its own; its place here is its number."""
        return (*self.parsed.items, *self.parsed.warnings)
