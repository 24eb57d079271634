"""What Redis runs for sessions: each script wholly or not at all, unseen halfway by others.

marquee:auth:session:ID      hash: a session. It expires two hours after the session has run out.
marquee:auth:digest:DIGEST   the id of the session that is held by this.
marquee:auth:of:ACCOUNT      sorted set: ids of the account's sessions by when they were last seen.
marquee:auth:version:ACCOUNT grows with every change to one of its sessions.
marquee:auth:seen, created   sorted sets: ids of all sessions, by these times.
marquee:auth:outbox          stream of events; the first half of an entry's id is its place.
marquee:auth:places          hash: the last place, the run of Redis that gave it, what is forgotten.
marquee:auth:heard           hash: the place each source has been heard up to.
marquee:auth:passed          hash: the place up to which each listener has heard these events.
marquee:auth:about           which program's keys these are, and of which shape.

Times are microseconds since 1970, which a double holds exactly; numbers become text by `%.0f`,
since Lua's own way rounds them.
"""

PREFIX = "marquee:auth:"
SHAPE = "sessions 1"

START = f"""
local function key(kind, name) return '{PREFIX}' .. kind .. (name and ':' .. name or '') end
local function text(number) return string.format('%.0f', number) end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
local function forget(id, account)
  redis.call('ZREM', key('seen'), id)
  redis.call('ZREM', key('created'), id)
  redis.call('ZREM', key('of', account), id)
end
"""

CHANGED = """
local function lease(id, account, digest, seen, created, life)
  local left = math.max(0, math.min(life.idle, created + life.absolute - seen)) + life.slack
  redis.call('PEXPIRE', key('session', id), text(left / 1000))
  redis.call('SET', key('digest', digest), id, 'PX', text(left / 1000))
  redis.call('ZADD', key('seen'), text(seen), id)
  redis.call('ZADD', key('created'), text(created), id)
  redis.call('ZADD', key('of', account), text(seen), id)
  redis.call('PEXPIRE', key('of', account), text((life.idle + life.slack) / 1000))
end
-- From the time where there is none, so that a version from before Redis was emptied never returns.
local function changed(account, life)
  local version = redis.call('GET', key('version', account))
  version = math.max((tonumber(version) or 0) + 1, version and 0 or now())
  redis.call('SET', key('version', account), text(version), 'PX', text((life.idle + life.slack) / 1000))
end
"""

BY_DIGEST = (
    START
    + """
local id = redis.call('GET', key('digest', ARGV[1]))
return id and redis.call('HGETALL', key('session', id)) or {}
"""
)

ONE = (
    START
    + """
local row = redis.call('HGETALL', key('session', ARGV[1]))
if #row == 0 then return {{}, '0', '0'} end
local account = redis.call('HGET', key('session', ARGV[1]), 'account_id')
return {{row}, redis.call('GET', key('version', account)) or '0', '0'}
"""
)

ALL = (
    START
    + """
local account, source, skip, rows = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
for _, id in ipairs(redis.call('ZREVRANGE', key('of', account), 0, -1)) do
  if redis.call('EXISTS', key('session', id)) == 0 then
    forget(id, account)
  elseif skip > 0 then
    skip = skip - 1
  else
    rows[#rows + 1] = redis.call('HGETALL', key('session', id))
  end
end
return {
  rows,
  redis.call('GET', key('version', account)) or '0',
  redis.call('HGET', key('heard'), source) or '0',
}
"""
)

# Places are counted, but from the time in microseconds on where Redis may have lost some: when it
# was emptied, or is another run of it, restored from an older snapshot. Else listeners would take
# new events for what they have heard. Only a clock that was set back in between can still do that.
COMMIT = (
    START
    + CHANGED
    + """
local change = cjson.decode(ARGV[1])
local account, life = change.account_id, change.life
if (redis.call('GET', key('version', account)) or '0') ~= change.version then return 'stale' end
if change.source then
  local heard = tonumber(redis.call('HGET', key('heard'), change.source) or '0')
  if heard >= tonumber(change.place) then return 'heard' end
  redis.call('HSET', key('heard'), change.source, change.place)
end
redis.call('SET', key('about'), change.shape)
for _, gone in ipairs(change.ended) do
  redis.call('DEL', key('session', gone.id), key('digest', gone.digest))
  forget(gone.id, account)
end
for _, kept in ipairs(change.kept) do
  if kept.was then redis.call('DEL', key('digest', kept.was)) end
  redis.call('HSET', key('session', kept.id), unpack(kept.row))
  lease(kept.id, account, kept.digest, tonumber(kept.seen), tonumber(kept.created), life)
end
if #change.ended + #change.kept > 0 then changed(account, life) end
if #change.events == 0 then return 'done' end
local run = redis.call('INFO', 'server'):match('run_id:(%x+)')
local last = tonumber(redis.call('HGET', key('places'), 'last') or '0')
if redis.call('HGET', key('places'), 'run') ~= run then
  local told = redis.call('XREVRANGE', key('outbox'), '+', '-', 'COUNT', 1)[1]
  last = math.max(last, now(), told and tonumber(told[1]:match('%d+')) or 0)
end
for _, event in ipairs(change.events) do
  last = last + 1
  redis.call('XADD', key('outbox'), text(last) .. '-0', unpack(event))
end
redis.call('HSET', key('places'), 'last', text(last), 'run', run)
return 'done'
"""
)

SEEN = (
    START
    + CHANGED
    + """
local given = cjson.decode(ARGV[1])
for id, at in pairs(given.moments) do
  local row = redis.call(
    'HMGET', key('session', id), 'account_id', 'digest', 'last_seen_at', 'created_at'
  )
  local seen = tonumber(at)
  if row[1] and tonumber(row[3]) < seen then
    redis.call('HSET', key('session', id), 'last_seen_at', at)
    lease(id, row[1], row[2], seen, tonumber(row[4]), given.life)
    changed(row[1], given.life)
  end
end
"""
)

UNUSED = (
    START
    + """
local found = {}
for name, before in pairs({seen = ARGV[1], created = ARGV[2]}) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key(name), '-inf', before, 'LIMIT', 0, ARGV[3])) do
    if redis.call('EXISTS', key('session', id)) == 1 then
      found[#found + 1] = id
    else
      redis.call('ZREM', key('seen'), id)
      redis.call('ZREM', key('created'), id)
    end
  end
end
return found
"""
)

PASS_OVER = (
    START
    + """
local source, place, shape = ARGV[1], ARGV[2], ARGV[3]
local heard = tonumber(redis.call('HGET', key('heard'), source) or '0')
if heard >= tonumber(place) then return end
redis.call('SET', key('about'), shape)
redis.call('HSET', key('heard'), source, place)
"""
)

# Names of others' keys need not be text, so they are looked at here.
FOREIGN = (
    START
    + """
local found, theirs, unmarked = redis.call('SCAN', ARGV[1], 'COUNT', 1000), 0, 0
for _, name in ipairs(found[2]) do
  if name:sub(1, #ARGV[2]) ~= ARGV[2] then theirs = 1
  elseif name:sub(1, #key('')) == key('') and name ~= key('about') then unmarked = 1 end
end
return {found[1], theirs, unmarked}
"""
)

PASSED = (
    START
    + """
local listener, place, shape = ARGV[1], ARGV[2], ARGV[3]
redis.call('SET', key('about'), shape)
redis.call('HSET', key('passed'), listener, place)
"""
)

# Only from the beginning on, so that one place says what is gone.
FORGET = (
    START
    + """
local before, up_to, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local last = tonumber(redis.call('HGET', key('places'), 'last') or '0')
local gone = {}
for _, old in ipairs(redis.call('XRANGE', key('outbox'), '-', '+', 'COUNT', most)) do
  local place, at = tonumber(old[1]:match('%d+')), nil
  for field = 1, #old[2], 2 do
    if old[2][field] == 'at' then at = old[2][field + 1] end
  end
  if place > up_to or place >= last or at >= before then break end
  gone[#gone + 1] = old[1]
end
for _, id in ipairs(gone) do redis.call('XDEL', key('outbox'), id) end
if #gone > 0 then redis.call('HSET', key('places'), 'forgotten', gone[#gone]:match('%d+')) end
return #gone
"""
)
