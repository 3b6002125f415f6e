"""How much may be pushed: a token bucket for each source and each address, in Redis, so that all replicas share it.

A bucket holds at most ``burst`` and fills with ``rate`` a second. Wrong tokens have a bucket of their own, much
smaller: whoever guesses is soon answered without a word about the guess. No right token waits for another's wrong ones.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from shared.streams.scripts import Call, run_one

__all__ = ["Bucket", "PushLimits", "buckets_of", "take"]

WRONG_TOKENS = (0.2, 10.0)
"""Wrong tokens from one address: one every five seconds, after ten at once for a sender with a stale token."""

# KEYS  one for each bucket
# ARGV  rate and burst of each
# All give one, or none does. Returns 0, or the number of the first that is empty and the milliseconds until it is not.
# A bucket that is full is forgotten.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local left = {}
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local bucket = redis.call('HMGET', key, 'left', 'at')
  local had, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
  left[i] = math.min(burst, had + math.max(0, now - at) * rate / 1000)
  if left[i] < 1 then return {i, math.ceil((1 - left[i]) * 1000 / rate)} end
end
for i, key in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('HSET', key, 'left', tostring(left[i] - 1), 'at', tostring(now))
  redis.call('PEXPIRE', key, math.ceil((burst - left[i] + 1) * 1000 / rate) + 1000)
end
return {0, 0}
"""


@dataclass(frozen=True, slots=True)
class PushLimits:
    """Pushes a second, by source and by address; 0 sets no limit. Ten seconds' worth may come at once."""

    source: float = 0.0
    address: float = 0.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket: ``limit`` is what a refusal calls it."""

    limit: str
    name: str
    rate: float
    burst: float

    @property
    def key(self) -> str:
        """Return its key. An address is kept as a digest: it may be of any length."""
        return f"ingest:rate:{self.limit}:{hashlib.sha256(self.name.encode()).hexdigest()[:24]}"


def buckets_of(limits: PushLimits, *, address: str, owner: str | None) -> list[Bucket]:
    """Return the buckets that a push takes from: ``owner`` is whose token it bears, None for a wrong one."""
    rates = [("address", address, limits.address)]
    if owner is not None:
        rates.append(("source", owner, limits.source))
    buckets = [Bucket(limit, name, rate, max(10.0, rate * 10)) for limit, name, rate in rates if rate > 0]
    return buckets if owner is not None else [Bucket("tokens", address, *WRONG_TOKENS), *buckets]


async def take(redis: Redis, buckets: Sequence[Bucket]) -> tuple[str, int] | None:
    """Take one from each bucket, or from none: then return which is empty, and for how many seconds."""
    if not buckets:
        return None
    amounts: list[str | bytes | int] = [repr(amount) for bucket in buckets for amount in (bucket.rate, bucket.burst)]
    empty, wait_ms = await run_one(redis, Call(TAKE, [bucket.key for bucket in buckets], amounts))
    return (buckets[empty - 1].limit, math.ceil(wait_ms / 1000)) if empty else None
