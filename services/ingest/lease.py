"""A lease on a source, so that of all replicas one polls it. Losing it in the middle costs a fetch, never a story."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

__all__ = ["Lease"]

# The key is given up or prolonged only by the one whose mark is on it: between looking and acting it may expire
# and become another's.
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"


class Lease:
    """One holder's hold on ``ingest:lease:{source}``."""

    def __init__(self, redis: Redis, source: str, *, seconds: float) -> None:
        self._redis = redis
        self._key = f"ingest:lease:{source}"
        self._mark = secrets.token_hex(8)
        self._ms = int(seconds * 1000)

    async def take(self) -> bool:
        """Take the lease when nobody holds it. A take whose reply was lost counts as taken."""
        if await self._redis.set(self._key, self._mark, nx=True, px=self._ms):
            return True
        return await self.renew()

    async def renew(self) -> bool:
        """Prolong the lease; False when it is no longer ours."""
        return bool(await self._run(RENEW, self._mark, str(self._ms)))

    async def release(self) -> None:
        """Give the lease up, if it is still ours."""
        await self._run(RELEASE, self._mark)

    async def _run(self, script: str, *args: str) -> int:
        return int(await cast("Awaitable[int]", self._redis.eval(script, 1, self._key, *args)))
