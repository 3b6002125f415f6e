"""What the newsroom itself decides about copy that it has: a lift that has come, an order of an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Instruction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """Admit copy to the story named, whatever the copy says of its identity."""

    story_id: str
    input: str
    """Names this input in the books. The same again is booked once."""
    since: datetime | None = None
    """The moment that latency counts from, where that is not when the copy was received: its lift."""
    operator: str = ""
    reason: str = ""
    hold: bool = False
    """The operator holds the copy back: no lift lets it out."""
    again: bool = False
    """It was ordered before, and is replayed."""

    @property
    def detail(self) -> str | None:
        """Return who ordered it and why, for the books."""
        return f"{self.operator}: {self.reason}" if self.operator else None
