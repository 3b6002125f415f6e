"""Where texts are filed so that another provider's copy of one is found: Redis keys ``ingest:near:…``, shared by all.

A text is filed under its digest and under its sketch, in one hash a day, and looked up in those of the last days, in
the same call: of two copies that come at the same moment to two replicas one is the first. What is kept is bounded:
so many texts a day, a few names under each hash, gone three days after the last text of its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis.asyncio import Redis

from services.ingest.folding.minhash import sketch
from services.ingest.folding.shingles import Filed
from shared.streams.scripts import Call, run_one

__all__ = ["KEPT", "Near", "Texts"]

KEPT = timedelta(hours=72)
"""As long as events are kept for replay: the same text from two providers comes within hours."""

DAYS = 4
NAMES = 8
"""Texts of a day remembered under one hash: furniture that every story of a source ends with would fill it. The first
ones, for of the same text from twenty providers the first is the one that the others are folded into."""

CANDIDATES = 5

# KEYS  the text, then the days, today first
# ARGV  most texts a day, time to live, the text's name, names under a hash, most candidates, source, story, filed form,
#       then what it is filed under, its digest first
# Returns whether the text is filed, then the names of those most like it, of two alike the older first.
FILE_AND_FIND = """
local hits, found, place = {}, {}, {}
for day = #KEYS, 2, -1 do
  for i, names in ipairs(redis.call('HMGET', KEYS[day], unpack(ARGV, 9))) do
    for name in string.gmatch(names or '', '%S+') do
      if name ~= ARGV[3] then
        if not hits[name] then
          hits[name] = 0
          found[#found + 1] = name
          place[name] = #found
        end
        hits[name] = hits[name] + (i == 1 and 100 or 1)
      end
    end
  end
end
table.sort(found, function(a, b) return hits[a] > hits[b] or (hits[a] == hits[b] and place[a] < place[b]) end)
local filed = redis.call('EXISTS', KEYS[1])
if filed == 0 and tonumber(redis.call('HGET', KEYS[2], '#') or '0') < tonumber(ARGV[1]) then
  redis.call('HINCRBY', KEYS[2], '#', 1)
  for i = 9, #ARGV do
    local names = redis.call('HGET', KEYS[2], ARGV[i])
    if not names then
      redis.call('HSET', KEYS[2], ARGV[i], ARGV[3])
    elseif select(2, string.gsub(names, '%S+', '')) < tonumber(ARGV[4]) then
      redis.call('HSET', KEYS[2], ARGV[i], names .. ' ' .. ARGV[3])
    end
  end
  redis.call('EXPIRE', KEYS[2], ARGV[2])
  redis.call('HSET', KEYS[1], 'source', ARGV[6], 'story', ARGV[7], 'filed', ARGV[8])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  filed = 1
end
return {filed, unpack(found, 1, math.min(#found, tonumber(ARGV[5])))}
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A text that has something in common with the one that was asked about."""

    story_id: str
    source: str
    filed: Filed


class Texts:
    """The texts of the last days."""

    def __init__(self, redis: Redis, *, most_a_day: int) -> None:
        self._redis = redis
        self._most = most_a_day

    async def file(self, text: Filed, *, story_id: str, source: str, now: datetime) -> tuple[bool, list[Near]]:
        """File the text, unless it is there or the day is full; return whether it is filed, and what is like it.

        Raises:
            redis.exceptions.RedisError: nothing is known; memory may be full.
        """
        name = f"{story_id}.{text.digest[:8]}"
        days = [f"ingest:near:day:{now - timedelta(days=ago):%Y%m%d}" for ago in range(DAYS)]
        under = [f"={text.digest}", *(f"{part:08x}" for part in sketch(text.hashes))]
        limits = (self._most, int(KEPT.total_seconds()), name, NAMES, CANDIDATES)
        args: list[str | bytes | int] = [*limits, source, story_id, text.to_bytes(), *under]
        filed, *names = await run_one(self._redis, Call(FILE_AND_FIND, [_key(name), *days], args))
        return bool(filed), await self._read(name.decode() for name in names)

    async def _read(self, names: Iterable[str]) -> list[Near]:
        """Return the texts that are still there: a day's hash outlives the first texts of its day."""
        pipe = self._redis.pipeline(transaction=False)
        for name in names:
            pipe.hgetall(_key(name))
        rows = cast("list[dict[bytes, bytes]]", await pipe.execute())
        return [
            Near(row[b"story"].decode(), row[b"source"].decode(), Filed.from_bytes(row[b"filed"]))
            for row in rows
            if row
        ]


def _near(row: Mapping[bytes, bytes]) -> Near:
    return Near(row[b"story"].decode(), row[b"source"].decode(), Filed.from_bytes(row[b"filed"]))


def _key(name: str) -> str:
    return f"ingest:near:text:{name}"
