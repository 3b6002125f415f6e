"""The open streams of this process: who they are, and how all of them are told the same thing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

from services.publish.live.client import Client
from services.publish.live.events import BEAT, Telling
from services.publish.live.metrics import CLIENTS, DROPPED
from services.publish.store.changes import Changes
from shared.logs import get_logger

__all__ = ["BEAT_SECONDS", "LiveHub"]

BEAT_SECONDS = 20
"""Seconds between two signs of life to one reader: proxies end what is silent for 30 to 60."""
LAST_WORDS = 1.0
"""Seconds that a reader has at the end to take what waits."""
Room = set[Client]
log = get_logger(__name__)


class LiveHub:
    """Tells every open stream what has moved.

    ``hear`` is called in the thread that watches the store. All else is the event loop's. Streams are in rooms: telling
    goes from room to room and lets the loop do other work between two of them; each second has one room's beat.
    """

    def __init__(self, *, limit: int, beat: float = BEAT_SECONDS) -> None:
        self._limit = limit
        self._pause = beat / BEAT_SECONDS
        self._telling = Telling()
        self._lock = threading.Lock()
        self._rooms: tuple[Room, ...] = tuple(set() for _ in range(BEAT_SECONDS))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._to_tell: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()

    def __len__(self) -> int:
        return sum(map(len, self._rooms))

    def hear(self, changes: Changes) -> None:
        """Take in what has moved; in any thread. Every stream is told of it in turn."""
        with self._lock:
            chunk = self._telling.hear(changes)
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._to_tell.put_nowait, (self._telling.heard, chunk))

    @property
    def full(self) -> bool:
        return len(self) >= self._limit

    def join(self, client: Client, *, after: int, first: bytes) -> None:
        """Take the stream in: it is sent ``first``, then what its reader has missed since the edition ``after``."""
        with self._lock:  # what is heard from now on is told to it with the others
            client.heard, missed = self._telling.heard, self._telling.since(after)
        min(self._rooms, key=len).add(client)
        CLIENTS.inc()
        client.offer(first + missed)

    def leave(self, client: Client) -> None:
        """Forget the stream, if it is still known."""
        for room in self._rooms:
            if client in room:
                room.discard(client)
                CLIENTS.dec()

    async def run(self) -> None:
        """Tell what is heard, until cancelled; then end all streams."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        beating = asyncio.create_task(self._beat())
        try:
            while True:
                await self._tell(*await self._to_tell.get())
        finally:
            beating.cancel()
            self.stop()

    def stop(self) -> None:
        """End all streams: a server that stops waits for what is in hand, and a stream would be so for ever."""
        with self._lock:
            loop, self._loop = self._loop, None
            self._limit = 0
        if loop is None:
            return
        for client in self._clients():
            client.end()
        loop.call_later(LAST_WORDS, self._cut_the_rest)

    async def _tell(self, heard: int, chunk: bytes) -> None:
        for room in self._rooms:
            for client in list(room):
                if client.heard < heard:
                    client.heard = heard
                    self._keep(client, taken=client.offer(chunk))
            await asyncio.sleep(0)

    async def _beat(self) -> None:
        while True:
            for room in self._rooms:
                await asyncio.sleep(self._pause)
                for client in list(room):
                    self._keep(client, taken=client.beat(BEAT))

    def _keep(self, client: Client, *, taken: bool) -> None:
        if not taken:
            DROPPED.inc()
            log.info("live_client_dropped")
            client.cut()
            self.leave(client)

    def _cut_the_rest(self) -> None:
        for client in self._clients():
            client.cut()

    def _clients(self) -> Iterator[Client]:
        for room in self._rooms:
            yield from list(room)
