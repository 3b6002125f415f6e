"""The Lua that makes a hop, an admission and a trim one step each. All may be sent again after a lost reply.

Every script first reads, then adds, then acknowledges. When memory is full Redis refuses ``XADD`` in a script that has
written nothing yet, and no longer once it has: after an ``XACK`` a full Redis would be filled further.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

Fields = Mapping[str, str | bytes]

# KEYS  in-stream, log[, out-stream[, guard]]
# ARGV  group, entry, n, n outcome fields and values[, m, m event fields and values[, revision, ttl, stale outcome…]]
# Returns 1 when handed off, 2 when the guard held the event back, 0 when the entry is no longer pending.
HANDOFF = """
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if #pending == 0 then return 0 end
local at = 4 + ARGV[3]
local result = 1
if KEYS[4] then
  local tail = at + 1 + ARGV[at]
  local published = redis.call('GET', KEYS[4])
  if published and tonumber(published) >= tonumber(ARGV[tail]) then
    result = 2
    redis.call('XADD', KEYS[2], '*', unpack(ARGV, tail + 2))
  else
    redis.call('SET', KEYS[4], ARGV[tail], 'EX', ARGV[tail + 1])
  end
end
if result == 1 then
  if KEYS[3] then redis.call('XADD', KEYS[3], '*', unpack(ARGV, at + 1, at + ARGV[at])) end
  redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4, 3 + ARGV[3]))
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return result
"""

# KEYS  in-stream, log, out-stream, deferred stream
# ARGV  group, entry, n, n outcome fields and values, m, m event fields and values, d, d deferred fields and values
# A handoff that leaves a debt behind. Returns as the one above.
HANDOFF_OWING = """
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if #pending == 0 then return 0 end
local event = 4 + ARGV[3]
local owed = event + 1 + ARGV[event]
redis.call('XADD', KEYS[4], '*', unpack(ARGV, owed + 1, owed + ARGV[owed]))
redis.call('XADD', KEYS[3], '*', unpack(ARGV, event + 1, event + ARGV[event]))
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4, 3 + ARGV[3]))
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return 1
"""

# KEYS  receipt, log, state, a alias keys…[, out-stream]
# ARGV  receipt ttl, expected revision or '', state ttl in seconds or '', a, a pairs of alias value and ttl in seconds,
#       n, n state fields and values, m, m outcome fields and values, event fields and values…
# An alias with an empty value is deleted. Returns 1 when admitted (now or before), 0 when the state has moved on.
ADMIT = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
local revision = redis.call('HGET', KEYS[3], 'revision') or ''
if revision ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
local aliases = tonumber(ARGV[4])
for i = 1, aliases do
  local value = ARGV[3 + 2 * i]
  if value == '' then
    redis.call('DEL', KEYS[3 + i])
  else
    redis.call('SET', KEYS[3 + i], value, 'EX', ARGV[4 + 2 * i])
  end
end
local first = 5 + 2 * aliases
local n = tonumber(ARGV[first])
if n > 0 then
  redis.call('DEL', KEYS[3])
  redis.call('HSET', KEYS[3], unpack(ARGV, first + 1, first + n))
  if ARGV[3] ~= '' then redis.call('EXPIRE', KEYS[3], ARGV[3]) end
end
local at = first + 1 + n
local topic = KEYS[4 + aliases]
if topic then redis.call('XADD', topic, '*', unpack(ARGV, at + 1 + ARGV[at])) end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, at + 1, at + ARGV[at]))
return 1
"""

# KEYS  stream
# ARGV  oldest id to keep by age, then the groups that must exist before anything may go
# Trims up to what every group has finished, and no further. Returns how many entries went, or -1 when a group that
# must exist does not: it has everything still to read.
TRIM = """
local function parts(id)
  local ms, seq = string.match(id, '(%d+)-?(%d*)')
  return tonumber(ms), tonumber(seq ~= '' and seq or '0')
end
local function older(a, b)
  local am, as = parts(a)
  local bm, bs = parts(b)
  return am < bm or (am == bm and as < bs)
end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local keep, names = ARGV[1], {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #info, 2 do group[info[i]] = info[i + 1] end
  names[group['name']] = true
  local edge = group['last-delivered-id']
  if group['pending'] > 0 then edge = redis.call('XPENDING', KEYS[1], group['name'])[2] end
  if older(edge, keep) then keep = edge end
end
for i = 2, #ARGV do
  if not names[ARGV[i]] then return -1 end
end
return redis.call('XTRIM', KEYS[1], 'MINID', keep)
"""

# KEYS  stream
# ARGV  group, idle in milliseconds
# Removes consumers that hold nothing and have been gone for long. One that still holds an entry stays: deleting it
# would take its entries out of the group's books.
FORGET_CONSUMERS = """
local gone = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #info, 2 do consumer[info[i]] = info[i + 1] end
  if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    gone = gone + 1
  end
end
return gone
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One script with its keys and arguments."""

    script: str
    keys: Sequence[str]
    args: Sequence[str | bytes | int]


async def run_all(redis: Redis, calls: Sequence[Call]) -> list[Any]:
    """Run the calls in one pipeline and return their results in order, an exception where one failed.

    Raises:
        redis.exceptions.RedisError: the pipeline may or may not have run; it may be sent again.
    """
    results = await _send(redis, calls)
    missing = [i for i, result in enumerate(results) if isinstance(result, NoScriptError)]
    if missing:
        # A restarted Redis has forgotten its scripts.
        for script in {calls[i].script for i in missing}:
            await redis.script_load(script)
        again = await _send(redis, [calls[i] for i in missing])
        for i, result in zip(missing, again, strict=True):
            results[i] = result
    return results


async def run_one(redis: Redis, call: Call) -> Any:
    """Run one call and return its result, or raise what Redis answered."""
    (result,) = await run_all(redis, [call])
    if isinstance(result, Exception):
        raise result
    return result


_DIGESTS: dict[str, str] = {}


async def _send(redis: Redis, calls: Iterable[Call]) -> list[Any]:
    pipe = redis.pipeline(transaction=False)
    for call in calls:
        digest = _DIGESTS.get(call.script)
        if digest is None:
            digest = _DIGESTS[call.script] = sha1(call.script.encode()).hexdigest()  # noqa: S324 - Redis names scripts so
        pipe.evalsha(digest, len(call.keys), *call.keys, *call.args)
    return await cast("Awaitable[list[Any]]", pipe.execute(raise_on_error=False))


def flat(fields: Fields) -> list[str | bytes]:
    """Lay fields out as Redis takes them: name, value, name, value."""
    return [part for pair in fields.items() for part in pair]
