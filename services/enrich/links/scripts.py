"""The Lua that files a story and finds those like it in one step, and the one that forgets a story.

Keys are made inside from the prefix: what a story is filed under is known only from what was stored of it. Redis runs
here on one machine; on a cluster the prefix would need a hash tag.
"""

from __future__ import annotations

__all__ = ["FILE", "FORGET"]

_FORGET = """
local function forget(id)
  local story = KEYS[1] .. 'story:' .. id
  local filed = redis.call('HGET', story, 'filed')
  if filed then
    for word in string.gmatch(filed, '[^\\n]+') do redis.call('ZREM', KEYS[1] .. word, id) end
  end
  redis.call('DEL', story)
  redis.call('ZREM', KEYS[1] .. 'stories', id)
end
"""

# KEYS  prefix
# ARGV  story, revision, received (ms), memory (s), most stories, most in a list, most candidates, words,
#       n, n fields and values
# Nothing is written where a later revision, or the end of this one, was seen. Finds first and files after.
# Returns for each candidate, those that share most words first: story, received, fields and values.
FILE = (
    _FORGET
    + """
local id, at, memory = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local index, shared, found = KEYS[1] .. 'stories', {}, {}
for word in string.gmatch(ARGV[8], '[^\\n]+') do
  for _, other in ipairs(redis.call('ZRANGE', KEYS[1] .. word, 0, -1)) do
    if other ~= id then
      if not shared[other] then table.insert(found, other) end
      shared[other] = (shared[other] or 0) + 1
    end
  end
end
table.sort(found, function(a, b)
  if shared[a] ~= shared[b] then return shared[a] > shared[b] end
  return a > b
end)
local answer = {}
for _, other in ipairs(found) do
  if #answer >= tonumber(ARGV[7]) then break end
  local fields = redis.call('HGETALL', KEYS[1] .. 'story:' .. other)
  if #fields > 2 then table.insert(answer, {other, fields}) end
end
local known = tonumber(redis.call('HGET', KEYS[1] .. 'story:' .. id, 'revision') or '0')
if known > tonumber(ARGV[2]) then return answer end
if known == tonumber(ARGV[2]) and redis.call('HEXISTS', KEYS[1] .. 'story:' .. id, 'filed') == 0 then return answer end
forget(id)
redis.call('HSET', KEYS[1] .. 'story:' .. id, 'revision', ARGV[2], 'filed', ARGV[8], unpack(ARGV, 10, 9 + ARGV[9]))
redis.call('EXPIRE', KEYS[1] .. 'story:' .. id, memory)
for word in string.gmatch(ARGV[8], '[^\\n]+') do
  local list = KEYS[1] .. word
  redis.call('ZADD', list, at, id)
  redis.call('ZREMRANGEBYRANK', list, 0, -1 - tonumber(ARGV[6]))
  redis.call('EXPIRE', list, memory)
end
redis.call('ZADD', index, at, id)
redis.call('EXPIRE', index, memory)
local over = redis.call('ZCARD', index) - tonumber(ARGV[5])
if over > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', index, 0, math.min(over, 20) - 1)) do forget(oldest) end
end
for _, old in ipairs(redis.call('ZRANGE', index, '-inf', at - memory * 1000, 'BYSCORE', 'LIMIT', 0, 20)) do
  forget(old)
end
return answer
"""
)

# KEYS  prefix
# ARGV  story, revision, memory (s)
# Leaves the revision behind, so that copy before the kill, arriving late, is not filed.
FORGET = (
    _FORGET
    + """
local story = KEYS[1] .. 'story:' .. ARGV[1]
local known = tonumber(redis.call('HGET', story, 'revision') or '0')
if known > tonumber(ARGV[2]) then return 0 end
forget(ARGV[1])
redis.call('HSET', story, 'revision', ARGV[2])
redis.call('EXPIRE', story, ARGV[3])
return 1
"""
)
