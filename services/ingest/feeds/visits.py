"""Who may be visited now: so many sources at once in all and on each host, and none on a host that is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from services.ingest.feeds.circuit import HostCircuit

__all__ = ["HostAway", "Visits"]


class HostAway(Exception):
    """The host could not be reached of late, by whatever source of it was tried: ask again in ``seconds``."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} is left alone for {seconds:.0f} s")
        self.seconds = seconds


class Visits:
    """The places, kept in the memory of this replica."""

    def __init__(self, *, at_once: int, per_host: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._clock = clock
        self._places: dict[str, asyncio.Semaphore] = {}
        self._circuits: dict[str, HostCircuit] = {}

    @asynccontextmanager
    async def to(self, host: str) -> AsyncIterator[None]:
        """Hold a place at the host.

        Raises:
            HostAway: it is to be left alone.
        """
        # The host's place first: who waits for a busy host takes no place from the others.
        async with self._places.setdefault(host, asyncio.Semaphore(self._per_host)), self._free:
            circuit, now = self._circuits.get(host, HostCircuit()), self._clock()
            if wait := circuit.waits(now):
                raise HostAway(host, wait)
            self._circuits[host] = circuit.asked(now)
            yield

    def met(self, host: str, *, reached: bool) -> None:
        """Learn from a visit whether the host is there."""
        if reached:
            self._circuits.pop(host, None)
        else:
            self._circuits[host] = self._circuits.get(host, HostCircuit()).failed(self._clock())
