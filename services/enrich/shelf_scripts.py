"""The Lua of the shelf: each step of a story's stay is one, and may be sent again after a lost reply.

As in :mod:`shared.streams.scripts`, every script first reads, then adds, then takes away: a full Redis refuses a script
before it has written anything, or not at all.
"""

from __future__ import annotations

__all__ = ["FORGET", "HOLD", "RELEASE"]

# ``past`` is a hash: ``released``, the revision last let go; ``passed``, the one that last went by without a stay; and
# ``rule:NAME`` for each rule that no longer holds the story.

# KEYS  held, past, index
# ARGV  story, revision, lift in ms or +inf, 1 to keep it only beside what lies there, n, n rules, fields and values
# Returns 1 when it lies there or was let go, 2 when a newer revision has gone on, 0 when no rule holds it any more.
HOLD = """
local revision = tonumber(ARGV[2])
local released = tonumber(redis.call('HGET', KEYS[2], 'released') or '-1')
local passed = tonumber(redis.call('HGET', KEYS[2], 'passed') or '-1')
local there = tonumber(redis.call('HGET', KEYS[1], 'revision') or '-1')
if released == revision then return 1 end
if released > revision or passed > revision or there > revision then return 2 end
if ARGV[4] == '1' and there < 0 then return 0 end
local holds = false
for i = 6, 5 + ARGV[5] do
  if redis.call('HEXISTS', KEYS[2], 'rule:' .. ARGV[i]) == 0 then holds = true end
end
if not holds then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 6 + ARGV[5]))
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 1
"""

# KEYS  held, past, index
# ARGV  story, revision, seconds to remember, 1 to remember it in any case
FORGET = """
local there = tonumber(redis.call('HGET', KEYS[1], 'revision') or '-1')
if there < 0 and ARGV[4] ~= '1' and redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
local passed = tonumber(redis.call('HGET', KEYS[2], 'passed') or '-1')
if passed < tonumber(ARGV[2]) then redis.call('HSET', KEYS[2], 'passed', ARGV[2]) end
redis.call('EXPIRE', KEYS[2], ARGV[3])
if there < 0 or there > tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
"""

# KEYS  held, past, index, log, out-stream
# ARGV  story, revision, seconds to remember, n, n rules, m, m outcome fields and values, event fields and values
# Returns 1 when this revision lay there and goes on, 0 when it does not lie there any more.
RELEASE = """
if redis.call('HGET', KEYS[1], 'revision') ~= ARGV[2] then return 0 end
local at = 5 + ARGV[4]
redis.call('XADD', KEYS[5], '*', unpack(ARGV, at + 1 + ARGV[at]))
redis.call('XADD', KEYS[4], '*', unpack(ARGV, at + 1, at + ARGV[at]))
redis.call('HSET', KEYS[2], 'released', ARGV[2])
for i = 5, 4 + ARGV[4] do redis.call('HSET', KEYS[2], 'rule:' .. ARGV[i], '1') end
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
"""
