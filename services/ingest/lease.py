"""Leases on sources, so that of all replicas one polls each. Losing one in the middle costs a fetch, never a story."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Sequence
from typing import cast

from redis.asyncio import Redis

__all__ = ["Leases"]

AT_ONCE = 200
"""Keys in one call: Redis serves nobody else while it runs."""

# Between looking and acting a key may expire and become another's, so both are one step. A take whose reply was
# lost counts as taken.
HOLD = """
local held = {}
for i, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if not holder or holder == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[#held + 1] = i
  end
end
return held
"""
RELEASE = """
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
return {}
"""


class Leases:
    """One holder's hold on ``ingest:lease:{source}`` of many sources: a round trip for hundreds, not one for each."""

    def __init__(self, redis: Redis, *, seconds: float) -> None:
        self._redis = redis
        self._mark = secrets.token_hex(8)
        self._ms = int(seconds * 1000)

    async def hold(self, sources: Sequence[str]) -> set[str]:
        """Take what nobody holds and prolong what is ours; return the sources that are held."""
        held: set[str] = set()
        for start in range(0, len(sources), AT_ONCE):
            part = sources[start : start + AT_ONCE]
            held.update(part[number - 1] for number in await self._run(HOLD, part))
        return held

    async def release(self, sources: Sequence[str]) -> None:
        """Give up what is still ours."""
        for start in range(0, len(sources), AT_ONCE):
            await self._run(RELEASE, sources[start : start + AT_ONCE])

    async def _run(self, script: str, sources: Sequence[str]) -> list[int]:
        keys = [f"ingest:lease:{source}" for source in sources]
        return await cast("Awaitable[list[int]]", self._redis.eval(script, len(keys), *keys, self._mark, self._ms))
