-- A piece of one Apply, after tree.lua. Everything in it happens or does not; an
-- Apply of several pieces has moved the position only with its last.
--
-- KEYS[1]  the partition's position
-- ARGV     1 the position to be at, 2 the mark of the piece before ('' for the
--          first), 3 this piece's mark ('' for the last), 4 the position to move
--          to, 5 its JSON, 6 the partition, 7 its watermark (ms, '' for unknown),
--          8 units, 9 figures, 10 session entries that follow:
--          a unit     key, name, start (s), grain (days or minutes)
--          a figure   number of its unit, store, kind, member, values, sketch
--          an entry   store, member, last event (ms, '' to remove it)
--
-- Returns {1 or 0 for "is elsewhere", figures of units that are not kept or were
-- rebuilt, figures beyond the limits}.

local ARGV, position = ARGV, KEYS[1]
local partition, watermark = ARGV[6], tonumber(ARGV[7])
local field = '.' .. partition
local time = call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
local hour = string.format('%d', time[1] - time[1] % 3600) -- that began last
local old, full = 0, 0
local damaged

-- How many stores one Apply removes of units that are not kept any more.
local SWEEP = 64
-- Entries of sessions this far behind the latest watermark are not live (s).
local SESSION_KEPT = 25 * 3600

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

local TOTALS = { 'views', 'carts', 'checkouts', 'purchases', 'units', 'revenue' }
local NOTHING = { -1, 0, 0, 0, 0, 0, 0 }
local EXACT = 2 ^ 53 -- numbers here are whole up to there

-- read gives what this partition last told of a figure, when the figure changed, and
-- its totals: false for what is not there.
local function read(key) return call('HMGET', key, field, 'updated_at', unpack(TOTALS)) end

-- fold brings a figure, as read gave it, from what this partition told before to
-- what it tells now. An older revision changes nothing, which is false.
local function fold(unit, key, index, member, have, values)
  local new = { cmsgpack.unpack(values) }
  local old = have[1] and { cmsgpack.unpack(have[1]) } or NOTHING
  if new[1] <= old[1] then return new[1] == old[1] end
  local set, total = { 'HSET', key, field, values, 'updated_at', now }, {}
  for i, name in ipairs(TOTALS) do
    local by = new[i + 1] - old[i + 1]
    local before = tonumber(have[i + 2]) or 0
    total[i] = before + by
    if by == 0 then
      -- stays as it is
    elseif math.max(math.abs(before), math.abs(total[i])) < EXACT then
      set[#set + 1] = name
      set[#set + 1] = string.format('%d', total[i])
    else
      call('HINCRBY', key, name, string.format('%d', by))
    end
  end
  call(unpack(set))
  -- Its life is prolonged with the first change of an hour: that is often enough.
  local fresh = have[2] and string.sub(have[2], 1, -4) >= hour
  if not fresh then call('EXPIRE', key, unit.ttl) end
  if index then
    index.ttl, index.extend = unit.ttl, index.extend or not fresh
    if new[2] ~= old[2] or not have[2] then rank(index.views, string.format('%d', total[1]), member) end
    if new[7] ~= old[7] then rank(index.revenue, string.format('%d', total[6]), member) end
  end
  return true
end

-- merge merges a partition's visitors into a figure's. Merging again adds nothing.
local function merge(unit, key, sketch)
  local visitors = key .. ':visitors'
  call('SET', 'tiendi:sketch', sketch)
  local reply = redis.pcall('PFMERGE', visitors, 'tiendi:sketch')
  call('DEL', 'tiendi:sketch')
  if reply.err then damaged = damaged or visitors return end
  call('EXPIRE', visitors, unit.ttl)
end

local function apply_figures(units, first, n)
  for i = first, first + 6 * (n - 1), 6 do
    local unit, store, kind = units[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2]
    if unit.closed then
      old = old + 1
    else
      local key, index, member = place(unit.key, store, kind, ARGV[i + 3])
      local have = read(key)
      if have[2] or admitted(unit.key, unit.ttl, store, kind, index) then
        if fold(unit, key, index and index_of(index), member, have, ARGV[i + 4]) and ARGV[i + 5] ~= '' then
          merge(unit, key, ARGV[i + 5])
        end
      else
        full = full + 1
      end
    end
  end
  write_indexes()
end

local function apply_sessions(first, n)
  local touched = {}
  for i = first, first + 3 * (n - 1), 3 do
    local key = 'tiendi:live:sessions:' .. ARGV[i]
    touched[key] = true
    if ARGV[i + 2] == '' then
      call('ZREM', key, ARGV[i + 1])
    else
      call('ZADD', key, ARGV[i + 2], ARGV[i + 1])
    end
  end
  local cut = latest() - SESSION_KEPT * 1000
  for key in pairs(touched) do
    if cut > -math.huge then call('ZREMRANGEBYSCORE', key, '-inf', string.format('(%.0f', cut)) end
    call('EXPIRE', key, SESSION_KEPT)
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

local units, figures, entries = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
apply_figures(read_units(11, units), 11 + 4 * units, figures)
if damaged then return redis.error_reply('SKETCH ' .. damaged) end
apply_sessions(11 + 4 * units + 6 * figures, entries)
if ARGV[3] == '' then move() else call('HSET', position, 'applying', ARGV[3]) end
call('EXPIRE', position, POSITION_TTL)
return { 1, old, full }
