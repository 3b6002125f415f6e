"""The web process watches the store, and tells those that hold something of it in memory what has moved.

It asks the store and not the bus: readers then see what the projector has written while Redis is away, and a kill is
known here a fraction of a second after its commit, however it came there.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from math import inf

from sqlalchemy.exc import SQLAlchemyError

from services.publish.store.changes import Changes
from services.publish.store.database import SchemaMismatch
from shared.logs import get_logger

__all__ = ["STORE_ERRORS", "Watch"]

STORE_ERRORS = (SQLAlchemyError, OSError, SchemaMismatch)
"""What a store says that is away, busy, full or not ours."""
Look = Callable[[int | None], Changes]
log = get_logger(__name__)


class Watch:
    """Looks at the store every so many seconds; 0: whoever needs it looks for himself."""

    def __init__(self, look: Look, *, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._every = every
        self._clock = clock
        self._told: list[Callable[[Changes], None]] = []
        self._edition: int | None = None
        self._seen = -inf
        self._lock = threading.Lock()

    def tell(self, listener: Callable[[Changes], None]) -> None:
        """Have ``listener`` called, in the thread that looked, with every change. The first look has none."""
        self._told.append(listener)

    @property
    def by_request(self) -> bool:
        """Whether nobody looks but those who ask."""
        return self._every == 0

    @property
    def behind(self) -> float:
        """Seconds since the store was last seen: what is held in memory may be older than the store by so much."""
        return max(0.0, self._clock() - self._seen - self._every)

    def look(self) -> None:
        """Look once, and tell what has moved.

        Raises:
            SQLAlchemyError, OSError, SchemaMismatch: the store cannot be read.
        """
        with self._lock:
            asked = self._clock()
            changes = self._look(self._edition)
            if changes.edition != self._edition:
                for listener in self._told:
                    listener(changes)
                self._edition = changes.edition
            self._seen = asked

    async def run(self) -> None:
        """Look until cancelled. A store that is away is looked for again, and said once."""
        away = False
        while True:
            try:
                await asyncio.to_thread(self.look)
            except STORE_ERRORS as error:
                if not away:
                    log.warning("store_out_of_sight", error=type(error).__name__)
                away = True
            else:
                if away:
                    log.info("store_in_sight_again")
                away = False
            await asyncio.sleep(self._every)
