"""Two lanes: urgent copy never waits for routine copy, and routine copy never waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from shared.topics import Lane

PATIENCE_SECONDS = 0.25
"""The longest that a routine batch gives way: under a constant urgent load routine still moves four times a second."""


class LaneGate:
    """Shared by the two lanes of one reader. Urgent goes at once; routine goes when no urgent batch is in hand."""

    def __init__(self) -> None:
        self._urgent = 0
        self._clear = asyncio.Event()
        self._clear.set()

    async def wait(self, lane: Lane) -> None:
        """Wait before reading: for routine, until urgent is clear or patience is over."""
        if lane is Lane.ROUTINE and not self._clear.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._clear.wait(), PATIENCE_SECONDS)

    @contextmanager
    def in_hand(self, lane: Lane) -> Iterator[None]:
        """Mark a batch of this lane as being worked on."""
        if lane is Lane.ROUTINE:
            yield
            return
        self._urgent += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._urgent -= 1
            if not self._urgent:
                self._clear.set()
