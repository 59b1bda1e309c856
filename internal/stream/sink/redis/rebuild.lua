-- A day's figures out of the warehouse in place of the streams', after tree.lua.
--
-- KEYS[1]  a list with the rows: store, kind, member and counts of each
-- ARGV     1 the day's key, 2 its name, 3 its start and 4 its end (s)
--
-- Returns {state, rows beyond the limits}: 0 done, 1 the day is not over, 2 the day
-- is not kept any more.

local rows, unit, name, start, stop = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local ttl = TTL.days
local time = call('TIME')
local now = time[1] .. string.format('%03d', math.floor(time[2] / 1000))
local full = 0

-- place gives a figure's key, its index (nil for the platform) and its name there.
local function place(unit, store, kind, member)
  local key = unit .. ':' .. store
  if kind ~= '' then return key .. ':' .. kind .. ':' .. member, key .. INDEX[kind], member end
  if store == PLATFORM then return key end
  return key, unit .. ':stores', store
end

local function write(store, kind, row_member, counts)
  local key, index, member = place(unit, store, kind, row_member)
  if not admitted(unit, ttl, store, kind, index) then
    full = full + 1
    return
  end
  local views, carts, checkouts, purchases, units, revenue = cmsgpack.unpack(counts)
  call('HSET', key, 'views', views, 'carts', carts, 'checkouts', checkouts,
    'purchases', purchases, 'units', units, 'revenue', revenue, 'updated_at', now)
  call('EXPIRE', key, ttl)
  if index then
    index = index_of(index)
    index.ttl, index.extend = ttl, true
    rank(index.views, views, member)
    rank(index.revenue, revenue, member)
  end
end

local function refuse(state)
  call('UNLINK', rows)
  return { state, 0 }
end

local marks = call('ZRANGE', 'tiendi:watermarks', 0, -1, 'WITHSCORES')
if tonumber(time[1]) < stop or (marks[2] and tonumber(marks[2]) < stop * 1000) then return refuse(1) end
if marks[2] and (start + KEPT.days) * 1000 <= tonumber(marks[#marks]) then return refuse(2) end

drop(unit, -1, true)
while true do
  local batch = call('LPOP', rows, 1000)
  if not batch then break end
  for i = 1, #batch, 4 do write(unpack(batch, i, i + 3)) end
  write_indexes()
end
call('ZADD', 'tiendi:days', start, name)
call('EXPIRE', 'tiendi:days', ttl)
call('SET', 'tiendi:rebuilt:' .. name, now, 'EX', ttl)
return { 0, full }
