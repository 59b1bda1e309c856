-- What both scripts know of the keys, which doc.go lists. A unit is a day or a
-- minute; all of its keys begin with the unit's own, as tiendi:day:2026-11-20.

local PLATFORM = '00000000-0000-0000-0000-000000000000'

-- The indexes beside a unit (stores) and beside a store in it, and how many
-- members one takes: identifiers come from browsers, and whoever makes them up
-- must not fill the server.
local INDEX = { product = ':products', source = ':sources' }
local LIMIT = { store = 100000, product = 20000, source = 100 }

-- How long a unit is kept behind the latest watermark, and how long its keys live
-- without a change, in seconds. The second is the first, plus POSITION_TTL, plus an
-- hour: a key never runs out while its partitions' positions are kept, and its
-- figure is never continued from the middle.
local KEPT = { days = 72 * 3600, minutes = 6 * 3600 }
local POSITION_TTL = 23 * 3600
local TTL = { days = 96 * 3600, minutes = 30 * 3600 }

local call = redis.call

-- index_of gives what this call knows of an index, from its first use on: new
-- places by views and by revenue that write_indexes writes in one go.
local indexes = {}
local function index_of(key)
  local index = indexes[key]
  if not index then
    index = { views = {}, revenue = {} }
    indexes[key] = index
  end
  return index
end

local function rank(ranking, score, member)
  local n = #ranking
  ranking[n + 1], ranking[n + 2] = score, member
end

-- has_room takes one more member, if there is room.
local function has_room(key, limit)
  local index = index_of(key)
  index.n = index.n or call('ZCARD', key .. ':views')
  if index.n >= limit then return false end
  index.n = index.n + 1
  return true
end

-- A sorted set is a list that is walked while it is short and its members are; one
-- with a member like this is a tree from the beginning, several times as fast here.
local LONG = string.rep('-', 65)

local function write_ranking(key, places, ttl, extend)
  if #places == 0 then return end
  if extend and call('EXISTS', key) == 0 then
    call('ZADD', key, 0, LONG, unpack(places))
    call('ZREM', key, LONG)
  else
    call('ZADD', key, unpack(places))
  end
  if extend then call('EXPIRE', key, ttl) end
end

local function write_indexes()
  for key, index in pairs(indexes) do
    write_ranking(key .. ':views', index.views, index.ttl, index.extend)
    write_ranking(key .. ':revenue', index.revenue, index.ttl, true)
  end
  indexes = {}
end

-- list_store puts a store into its unit's index, for it or for what it has there: a
-- store that is in no index would never be removed.
local listed = {}
local function list_store(unit, ttl, store)
  local key, name = unit .. ':stores', unit .. store
  if not listed[name] and not call('ZSCORE', key .. ':views', store) then
    if not has_room(key, LIMIT.store) then return false end
    local index = index_of(key)
    rank(index.views, 0, store)
    index.ttl, index.extend = ttl, true
  end
  listed[name] = true
  return true
end

-- admitted makes room for a figure that is not there yet.
local function admitted(unit, ttl, store, kind, index)
  if store ~= PLATFORM and not list_store(unit, ttl, store) then return false end
  return kind == '' or has_room(index, LIMIT[kind])
end

-- unlink removes keys, in pieces that Lua can pass on.
local function unlink(keys)
  for i = 1, #keys, 1000 do call('UNLINK', unpack(keys, i, math.min(i + 999, #keys))) end
end

-- drop_store removes a store from a unit; its sketches too, unless they are kept.
local function drop_store(key, keep_sketches)
  local gone = { key }
  if not keep_sketches then gone[2] = key .. ':visitors' end
  for kind, plural in pairs(INDEX) do
    local index = key .. plural
    for _, member in ipairs(call('ZRANGE', index .. ':views', 0, -1)) do
      local child = key .. ':' .. kind .. ':' .. member
      gone[#gone + 1] = child
      if not keep_sketches then gone[#gone + 1] = child .. ':visitors' end
    end
    gone[#gone + 1] = index .. ':views'
    gone[#gone + 1] = index .. ':revenue'
  end
  unlink(gone)
end

-- drop removes up to `most` stores of a unit (more than none; -1: all), and gives how
-- many. When there were fewer, the platform's keys have gone too: nothing is left.
local function drop(unit, most, keep_sketches)
  local views = unit .. ':stores:views'
  local stores = call('ZRANGE', views, 0, most < 0 and -1 or most - 1)
  for _, store in ipairs(stores) do
    drop_store(unit .. ':' .. store, keep_sketches)
    call('ZREM', views, store)
  end
  if most < 0 or #stores < most then
    drop_store(unit .. ':' .. PLATFORM, keep_sketches)
    call('UNLINK', views, unit .. ':stores:revenue')
  end
  return #stores
end
