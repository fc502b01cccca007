# -*- test-case-name: tests.rooms.test_scripts -*-
"""
The scripts that Redis and Valkey run, each in one step; ``_rooms/store.py`` does the same in Python.

``docs/scaling.rst``, "The engine's schema", has the keys. All scripts of a room get the same keys: ``meta``, ``log``,
``from``, ``who`` and ``leases``. Those that write get an epoch for a room that has none, and the length of its history.
"""

from __future__ import annotations

from hashlib import sha1
from types import MappingProxyType
from typing import Final

_WRITING: Final = """
local meta, log, from, who, leases = unpack(KEYS)
local worker, number, epoch, history = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local now = tonumber(redis.call('TIME')[1])

local function isAlive(name)
  local till = redis.call('ZSCORE', leases, name)
  return till and tonumber(till) > now
end

-- A number that was accepted is answered, and not carried out again.
local last = tonumber(redis.call('HGET', from, worker) or 0) or 0
local function isNew()
  if number <= last then return false end
  redis.call('HSET', from, worker, number)
  if redis.call('HLEN', from) > 1000 then
    for _, name in ipairs(redis.call('HKEYS', from)) do
      if name ~= worker and not isAlive(name) then redis.call('HDEL', from, name) end
    end
  end
  return true
end

local function begin(of)
  redis.call('DEL', log)
  redis.call('HSET', meta, 'e', of, 'n', 0)
  return of
end

local function append(text)
  local e = redis.call('HGET', meta, 'e') or begin(epoch)
  local n = redis.call('HINCRBY', meta, 'n', 1)
  local added = redis.pcall('XADD', log, 'MAXLEN', '~', history, n .. '-0', 'm', text)
  if type(added) == 'table' and added.err then
    if not string.find(added.err, ' ID ', 1, true) then
      -- It is sent again, and is not accepted until then.
      redis.call('HINCRBY', meta, 'n', -1)
      redis.call('HSET', from, worker, last)
      return added
    end
    -- The log and its number do not fit together: begin anew, which all workers detect.
    e = begin(epoch)
    n = redis.call('HINCRBY', meta, 'n', 1)
    redis.call('XADD', log, n .. '-0', 'm', text)
  end
  -- Anyone who misses the notification reads the log, but an error would undo nothing of this.
  redis.pcall('PUBLISH', log, e .. ' ' .. n .. ' ' .. text)
  return 1
end

local function owner(name)
  local member = redis.call('HGET', who, name)
  if not member then return nil end
  local isJSON, value = pcall(cjson.decode, member)
  return isJSON and type(value) == 'table' and value[1] or ''
end
"""

APPEND: Final = (
    _WRITING
    + """
if not isNew() then return 1 end
return append(ARGV[5])
"""
)

CLAIM: Final = (
    _WRITING
    + """
local name, member, text, was = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local before = owner(name)
if not isNew() or before == worker or (before and before ~= was and isAlive(before)) then
  return before == worker and 1 or 0
end
local answer = append(text)
if answer == 1 then redis.call('HSET', who, name, member) end
return answer
"""
)

RELEASE: Final = (
    _WRITING
    + """
local name, text = ARGV[5], ARGV[6]
if not isNew() or owner(name) ~= worker then return 1 end
local answer = append(text)
if answer == 1 then redis.call('HDEL', who, name) end
return answer
"""
)

SWEEP: Final = (
    _WRITING
    + """
if not isNew() then return 1 end
local gone = {}
for _, name in ipairs(redis.call('HKEYS', who)) do
  if not isAlive(owner(name)) then gone[#gone + 1] = name end
end
if #gone == 0 then return 1 end
local attempt = tonumber(ARGV[5])
local answer = append(cjson.encode({worker, attempt == 1 and number or {number, attempt}, '-', {gone}}))
if answer == 1 then
  for _, name in ipairs(gone) do redis.call('HDEL', who, name) end
end
return answer
"""
)

#: Returns the position; the number of entries, and each number and text; the number of workers, and each with its
#: number; each member and its value.
READ: Final = """
local meta, log, from, who = unpack(KEYS)
local since = ARGV[1]
local found = {redis.call('HGET', meta, 'e') or '', redis.call('HGET', meta, 'n') or '0'}

local function add(list)
  for _, one in ipairs(list) do found[#found + 1] = one end
end

local entries
if since == '' then
  entries = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)
else
  entries = redis.call('XRANGE', log, since, '+', 'COUNT', ARGV[2])
end
add({#entries})
for _, entry in ipairs(entries) do add({string.match(entry[1], '^%d+'), entry[2][2]}) end
local numbers = since == '' and redis.call('HGETALL', from) or {}
add({#numbers / 2})
add(numbers)
if since == '' or since == '0' then add(redis.call('HGETALL', who)) end
return found
"""

POSITIONS: Final = """
local found = {}
for _, meta in ipairs(KEYS) do
  found[#found + 1] = redis.call('HGET', meta, 'e') or ''
  found[#found + 1] = redis.call('HGET', meta, 'n') or '0'
end
return found
"""

RENEW: Final = """
local now = tonumber(redis.call('TIME')[1])
local most = now + ARGV[2]
redis.call('ZADD', KEYS[1], most, ARGV[1])
-- All leases are as long: one that ends later is of a time before the clock was set back.
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. most, '+inf')) do
    redis.call('ZADD', KEYS[1], most, worker)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""

#: Returns the text that was kept, and if there is none, the name of the worker that has taken it.
TAKE: Final = """
local text = redis.call('GET', KEYS[1])
if not text then return {false, redis.call('GET', KEYS[2])} end
redis.call('DEL', KEYS[1])
-- An error would lose the text.
if ARGV[1] ~= '' then redis.pcall('SET', KEYS[2], ARGV[1], 'EX', ARGV[2]) end
return {text, false}
"""

#: The digest by which a server that has loaded a script knows it, by the script.
DIGESTS: Final = MappingProxyType(
    {
        script: sha1(script.encode("utf-8"), usedforsecurity=False).hexdigest()
        for script in (APPEND, CLAIM, POSITIONS, READ, RELEASE, RENEW, SWEEP, TAKE)
    }
)
