"""Which entries this process has in hand, and when it will try the others again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.streams.settings import DeliverySettings

LONG_OVERDUE_SECONDS = 600


@dataclass(slots=True)
class Patience:
    """The memory of one reader of one stream. Nothing in it is needed after a crash."""

    settings: DeliverySettings
    in_hand: set[str] = field(default_factory=set)
    away_until: float = 0.0
    """Monotonic time before which nothing new is read: what is read now could only be put back."""
    _retry_at: dict[str, float] = field(default_factory=dict)
    _blameless: set[str] = field(default_factory=set)
    _away_tries: int = 0

    def is_due(self, entry_id: str) -> bool | None:
        """Tell whether a failed entry's time has come; None when it has not failed here."""
        due = self._retry_at.get(entry_id)
        return None if due is None else time.monotonic() >= due

    def is_blameless(self, entry_id: str) -> bool:
        """Tell whether the last try failed through no fault of the entry: the next does not count against it."""
        return entry_id in self._blameless

    def after_failure(self, entry_id: str, deliveries: int) -> float:
        """Put an entry off after its own failure; return the wait in seconds."""
        wait = self._wait(deliveries - 1)
        self._retry_at[entry_id] = time.monotonic() + wait
        return wait

    def after_outage(self, entry_ids: Iterable[str]) -> float:
        """Put entries off because what they need, or Redis, is away or full; return the wait in seconds."""
        now = time.monotonic()
        wait = self._wait(self._away_tries)
        if now >= self.away_until:
            self._away_tries = min(self._away_tries + 1, 10)
        self.away_until = max(self.away_until, now + wait)
        for entry_id in entry_ids:
            self._retry_at[entry_id] = now + wait
            self._blameless.add(entry_id)
        return wait

    def prune(self) -> None:
        """Forget entries long overdue: another reader took them over."""
        before = time.monotonic() - LONG_OVERDUE_SECONDS
        for entry_id in [entry_id for entry_id, due in self._retry_at.items() if due < before]:
            del self._retry_at[entry_id]
            self._blameless.discard(entry_id)

    def settled(self, entry_id: str) -> None:
        """Forget an entry that is done with."""
        self._away_tries = 0
        self._retry_at.pop(entry_id, None)
        self._blameless.discard(entry_id)

    def _wait(self, tries: int) -> float:
        wait = min(self.settings.retry_cap_seconds, self.settings.retry_base_seconds * 2.0**tries)
        return wait * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
