"""Housekeeping of streams: checkpoints, trimming that loses nothing unread, consumers long gone, and the figures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared import metrics
from shared.logs import get_logger
from shared.streams.groups import CHECKPOINTS
from shared.streams.scripts import FORGET_CONSUMERS, TRIM, Call, run_one
from shared.streams.settings import DeliverySettings
from shared.topics import Topic

log = get_logger("delivery")

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Janitor:
    """Looks after the streams of the topics that this process reads or writes. Any number may do so at once."""

    redis: Redis
    topics: tuple[Topic, ...]
    settings: DeliverySettings

    async def sweep(self) -> None:
        """Go over every stream once."""
        for topic in self.topics:
            for stream in topic.streams:
                await self._sweep_stream(topic, stream)

    async def _sweep_stream(self, topic: Topic, stream: str) -> None:
        try:
            groups = await self.redis.xinfo_groups(stream)
        except ResponseError as error:
            if "no such key" in str(error):
                return
            raise
        for group in groups:
            name = group["name"].decode()
            await self._measure(stream, name, group)
            if name in topic.readers:
                await self._checkpoint(stream, name, group)
                idle_ms = int(self.settings.forget_consumer_hours * HOUR_MS)
                await run_one(self.redis, Call(FORGET_CONSUMERS, [stream], [name, idle_ms]))
        oldest = int(time.time() * 1000) - topic.retention_hours * HOUR_MS
        await run_one(self.redis, Call(TRIM, [stream], [f"{oldest}-0", *topic.readers]))

    async def _checkpoint(self, stream: str, group: str, info: dict[str, Any]) -> None:
        """Remember up to where the group has finished everything: where it starts if somebody destroys it."""
        edge = info["last-delivered-id"].decode()
        if info["pending"]:
            summary = await self.redis.xpending(stream, group)
            edge = _before(summary["min"].decode()) if summary["min"] else edge
        await self.redis.hset(CHECKPOINTS, f"{stream}|{group}", edge)

    async def _measure(self, stream: str, group: str, info: dict[str, Any]) -> None:
        metrics.GROUP_PENDING.labels(stream, group).set(info["pending"])
        lag = info.get("lag")
        if lag is None:
            # Redis before 7 does not say, and later ones do not know after a deletion: count, up to a bound.
            after = f"({info['last-delivered-id'].decode()}"
            lag = len(await self.redis.xrange(stream, after, "+", count=1_000) or ())
        metrics.GROUP_LAG.labels(stream, group).set(lag)
        age = 0.0
        if info["pending"]:
            summary = await self.redis.xpending(stream, group)
            if summary["min"]:
                age = time.time() - int(summary["min"].split(b"-")[0]) / 1000
        metrics.OLDEST_PENDING.labels(stream, group).set(max(0.0, age))


def _before(entry_id: str) -> str:
    """Return the greatest id that is smaller than ``entry_id``."""
    milliseconds, sequence = map(int, entry_id.split("-"))
    return f"{milliseconds}-{sequence - 1}" if sequence else f"{milliseconds - 1}-{2**64 - 1}"
