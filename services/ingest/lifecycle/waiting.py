"""Which stories wait for a lift, and until when: the sorted set ``ingest:embargoed``. It holds no word of their copy.

The story's own state says what waits; this is its index, by lift. A story is put here before its state says that it
waits, so a crash in between leaves a line too many and never one too few.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import cast

from redis.asyncio import Redis

from services.ingest.lifecycle.embargo import CODES

__all__ = ["WaitingRoom", "lift_of"]

KEY = "ingest:embargoed"

# Removed only while no later lift was set in between.
SETTLE = """
local lift = redis.call('ZSCORE', KEYS[1], ARGV[1])
if lift and tonumber(lift) <= tonumber(ARGV[2]) then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
"""


def lift_of(sealed: str) -> datetime | None:
    """Return the moment that a seal breaks at, or None where it takes a person."""
    return None if sealed in CODES else datetime.fromisoformat(sealed)


class WaitingRoom:
    """Reads and writes the index."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, story_id: str, sealed: str) -> None:
        """Have a story wait until its seal breaks. It waits once: a later lift takes the place of the one before."""
        await self.put_until(story_id, lift_of(sealed))

    async def put_until(self, story_id: str, lift: datetime | None) -> None:
        """Have a story wait until then; without a moment until a person decides."""
        # Rounded up: a look that finds the story due must find its seal broken.
        await self._redis.zadd(KEY, {story_id: math.ceil(lift.timestamp() * 1000) if lift else math.inf})

    async def due(self, now: datetime, *, most: int) -> list[tuple[str, float]]:
        """Return the stories whose lift has come, the earliest first, each with its line's lift."""
        return await self._range("-inf", now.timestamp() * 1000, most)

    async def all(self, *, most: int) -> list[tuple[str, datetime | None]]:
        """Return every story that waits with its lift, the earliest first, those without one last."""
        rows = await self._range("-inf", "+inf", most)
        return [(story, None if math.isinf(at) else datetime.fromtimestamp(at / 1000, UTC)) for story, at in rows]

    async def settle(self, story_id: str, lift: float) -> None:
        """Take a line out, if it is still the one that was read."""
        await self._redis.eval(SETTLE, 1, KEY, story_id, repr(lift))

    async def _range(self, low: str | float, high: str | float, most: int) -> list[tuple[str, float]]:
        rows = await self._redis.zrangebyscore(KEY, low, high, start=0, num=most, withscores=True)
        return [(story.decode(), float(lift)) for story, lift in cast("list[tuple[bytes, float]]", rows)]
