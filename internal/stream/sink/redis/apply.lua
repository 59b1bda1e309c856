-- A piece of one Apply, after tree.lua. Everything in it happens or does not; an
-- Apply of several pieces has moved the position only with its last.
--
-- KEYS[1]  the partition's position
-- ARGV     1 the position to be at, 2 the mark of the piece before ('' for the
--          first), 3 this piece's mark ('' for the last), 4 the position to move
--          to, 5 its JSON, 6 the partition, 7 its watermark (ms, '' for unknown),
--          8 units, 9 groups of figures, 10 numbers of live sessions that
--          follow:
--          a unit     key, name, start (s), grain (days or minutes)
--          a group    number of its unit, store, kind ('' for stores), how many
--                     figures follow: member, values, sketch of each
--          a number   store, how many of this partition's sessions are open
--
-- Returns {1 or 0 for "is elsewhere", figures of units that are not kept or were
-- rebuilt, figures beyond the limits}.

local ARGV, position = ARGV, KEYS[1]
local partition, watermark = ARGV[6], tonumber(ARGV[7])
local field = '.' .. partition
local time = call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
local hour = string.format('%d000', time[1] - time[1] % 3600) -- that began last, ms
local old, full = 0, 0
local damaged

-- How many stores one Apply removes of units that are not kept any more.
local SWEEP = 64
-- A store's live sessions are kept so long without a change, in seconds: no session is
-- open for longer.
local LIVE_TTL = 25 * 3600

-- latest is the platform's time: the highest watermark of any partition, in ms.
local function latest()
  local top = call('ZREVRANGE', 'tiendi:watermarks', 0, 0, 'WITHSCORES')
  return math.max(tonumber(top[2]) or -math.huge, watermark or -math.huge)
end

local function expired(start, grain, at) return (start + KEPT[grain]) * 1000 <= at end

local function read_units(first, n)
  local units, at = {}, latest()
  for i = first, first + 4 * (n - 1), 4 do
    local key, name, start, grain = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
    local closed = expired(start, grain, at)
      or grain == 'days' and call('EXISTS', 'tiendi:rebuilt:' .. name) == 1
    if not closed then
      call('ZADD', 'tiendi:' .. grain, start, name)
      call('EXPIRE', 'tiendi:' .. grain, TTL[grain])
    end
    units[#units + 1] = { key = key, ttl = TTL[grain], closed = closed }
  end
  return units
end

local EXACT = 2 ^ 53 -- numbers here are whole up to there
local format, unpack_figure = string.format, cmsgpack.unpack

-- set_views writes what the partition told last, and moves the total of views, which
-- changes nearly always: it costs no call of its own while Lua's numbers can tell it.
local function set_views(key, values, have, by)
  local before = tonumber(have[3]) or 0
  local total = before + by
  if before < EXACT and total < EXACT then
    total = format('%d', total)
    call('HSET', key, field, values, 'updated_at', now, 'views', total)
    return total
  end
  call('HSET', key, field, values, 'updated_at', now)
  return call('HINCRBY', key, 'views', by)
end

-- fold brings a figure from what this partition told before to what it tells now.
-- have is its field, updated_at and views, false for what is not there. An older
-- revision changes nothing, which is false.
local function fold(key, ttl, index, member, have, values)
  local revision, v, c, k, p, u, r = unpack_figure(values)
  local at, v0, c0, k0, p0, u0, r0 = -1, 0, 0, 0, 0, 0, 0
  if have[1] then at, v0, c0, k0, p0, u0, r0 = unpack_figure(have[1]) end
  if revision <= at then return revision == at end
  local total = set_views(key, values, have, v - v0)
  if c ~= c0 then call('HINCRBY', key, 'carts', c - c0) end
  if k ~= k0 then call('HINCRBY', key, 'checkouts', k - k0) end
  if p ~= p0 then call('HINCRBY', key, 'purchases', p - p0) end
  if u ~= u0 then call('HINCRBY', key, 'units', u - u0) end
  if v ~= v0 or not have[2] then rank(index.views, total, member) end
  if r ~= r0 then rank(index.revenue, call('HINCRBY', key, 'revenue', r - r0), member) end
  -- Its life is prolonged with the first change of an hour: that is often enough.
  if not have[2] or have[2] < hour then
    call('EXPIRE', key, ttl)
    index.extend = true
  end
  return true
end

-- merge merges a partition's visitors into a figure's. Merging again adds nothing. They
-- come merged already with what the key was, behind the hash of that.
local NOTHING = string.rep('0', 40)
local function merge(unit, key, merged)
  local visitors = key .. ':visitors'
  local before, sketch = string.sub(merged, 1, 40), string.sub(merged, 41)
  local held = redis.pcall('GET', visitors)
  if held == false and before == NOTHING or type(held) == 'string' and redis.sha1hex(held) == before then
    call('SET', visitors, sketch, 'EX', unit.ttl)
    return
  end
  call('SET', 'tiendi:sketch', sketch)
  local reply = redis.pcall('PFMERGE', visitors, 'tiendi:sketch')
  call('DEL', 'tiendi:sketch')
  if reply.err then damaged = damaged or visitors return end
  call('EXPIRE', visitors, unit.ttl)
end

-- apply_group applies the figures of one index, at ARGV[first] to ARGV[last]. store
-- is nil where they are stores; the platform is among those, and has no place.
local function apply_group(unit, prefix, key, kind, store, first, last)
  local index, nowhere = index_of(key), { views = {}, revenue = {} }
  index.ttl = unit.ttl
  for i = first, last, 3 do
    local member = ARGV[i]
    local figure = prefix .. member
    local have = call('HMGET', figure, field, 'updated_at', 'views')
    if have[2] or admitted(unit.key, unit.ttl, store or member, kind, key) then
      local places = (store or member ~= PLATFORM) and index or nowhere
      if fold(figure, unit.ttl, places, member, have, ARGV[i + 1]) and ARGV[i + 2] ~= '' then
        merge(unit, figure, ARGV[i + 2])
      end
    else
      full = full + 1
    end
  end
end

-- apply_groups applies n groups from ARGV[i], and gives where the next thing is.
local function apply_groups(units, i, n)
  for _ = 1, n do
    local unit, store, kind, members = units[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
    local first = i + 4
    i = first + 3 * members
    if unit.closed then
      old = old + members
    elseif kind == '' then
      apply_group(unit, unit.key .. ':', unit.key .. ':stores', kind, nil, first, i - 1)
    else
      local key = unit.key .. ':' .. store
      apply_group(unit, key .. ':' .. kind .. ':', key .. INDEX[kind], kind, store, first, i - 1)
    end
  end
  write_indexes()
  return i
end

-- apply_live takes n numbers of live sessions from ARGV[i]. A store that has none any
-- more, in no partition, leaves nothing.
local function apply_live(i, n)
  for j = i, i + 2 * (n - 1), 2 do
    local key, open = 'tiendi:live:' .. ARGV[j], tonumber(ARGV[j + 1])
    local was = tonumber(call('HGET', key, field)) or 0
    if open ~= was and call('HINCRBY', key, 'sessions', open - was) == 0 then
      call('DEL', key)
    elseif open > 0 then
      call('HSET', key, field, open)
      call('EXPIRE', key, LIVE_TTL)
    elseif was > 0 then
      call('HDEL', key, field)
    end
  end
end

-- sweep removes up to `left` stores of units that are not kept any more, and gives
-- how many it may still remove.
local function sweep(grain, prefix, left)
  if left <= 0 then return 0 end
  local cut = string.format('%.0f', math.floor(latest() / 1000) - KEPT[grain])
  for _, name in ipairs(call('ZRANGEBYSCORE', 'tiendi:' .. grain, '-inf', cut, 'LIMIT', 0, SWEEP)) do
    local dropped = drop(prefix .. name, left)
    if dropped == left then return 0 end
    call('ZREM', 'tiendi:' .. grain, name)
    left = left - dropped
  end
  return left
end

local function move()
  call('HSET', position, 'at', ARGV[4], 'progress', ARGV[5])
  call('HDEL', position, 'applying')
  if watermark then
    call('ZADD', 'tiendi:watermarks', watermark, partition)
    call('EXPIRE', 'tiendi:watermarks', TTL.days)
    sweep('days', 'tiendi:day:', sweep('minutes', 'tiendi:minute:', SWEEP))
  end
end

local have = call('HMGET', position, 'at', 'applying')
if (have[1] or '') ~= ARGV[1] or (ARGV[2] ~= '' and have[2] ~= ARGV[2]) then return { 0, 0, 0 } end

local units, groups, numbers = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local rest = apply_groups(read_units(11, units), 11 + 4 * units, groups)
if damaged then return redis.error_reply('SKETCH ' .. damaged) end
apply_live(rest, numbers)
if ARGV[3] == '' then move() else call('HSET', position, 'applying', ARGV[3]) end
call('EXPIRE', position, POSITION_TTL)
return { 1, old, full }
