import { createHash } from 'node:crypto';

export interface Script {
	readonly text: string;
	readonly sha: string;
}

/**
 * What both scripts begin with. A topic has a hash, and a stream whose ids are the numbers. Numbers are not trusted any more when
 * the hash is gone, which has a life of its own, and when another server has it than the one that has given them: one that was
 * restarted or promoted may have lost the newest of them, and would give them again.
 */
const begin = `
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local run = ARGV[2]
local kept = redis.call('HMGET', KEYS[1], 'epoch', 'last', 'total', 'run')
if run == '' or run ~= kept[4] then
	local info = redis.pcall('INFO', 'server')
	run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '-'
end
local epoch, last, total = kept[1], tonumber(kept[2]), tonumber(kept[3])
if not epoch or run ~= kept[4] then
	epoch, last, total = ARGV[1], 0, 0
	redis.call('DEL', KEYS[2])
	redis.call('HSET', KEYS[1], 'epoch', epoch, 'last', 0, 'total', 0, 'run', run)
end
local size, bytes, ttl, keep = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local function id(offset) return string.format('%.0f-0', offset) end
`;

/**
 * KEYS: hash, stream. ARGV: an epoch if there is none, the run of the server if it is known, size, bytes, ttl and how long the hash
 * is kept, both in milliseconds, the server's time after which it is too late, and for each entry its flags, author and data.
 * An entry in the stream has `h`, which are the flags, the time, the bytes of all before it, and the author, and `d`, the data.
 */
const append = `${begin}
if now > tonumber(ARGV[7]) then return redis.error_reply('LATE it has come too late') end
local first = last + 1
for at = 8, #ARGV, 3 do
	last = last + 1
	local head = string.format('%s %.0f %.0f %s', ARGV[at], now, total, ARGV[at + 1])
	redis.call('XADD', KEYS[2], 'MAXLEN', '=', size, id(last), 'h', head, 'd', ARGV[at + 2])
	total = total + #ARGV[at + 2]
end
redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last), 'total', string.format('%.0f', total))
while true do
	local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
	if not oldest then break end
	local time, before = string.match(oldest[2][2], '^%S+ (%d+) (%d+)')
	if total - before <= bytes and time + ttl > now then break end
	redis.call('XDEL', KEYS[2], oldest[1])
end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('PEXPIRE', KEYS[1], keep)
return {run, epoch, string.format('%.0f', first), string.format('%.0f', now)}
`;

/** The same, but for ARGV: the offset after which it is read, and the bytes of a page; then come pairs of an offset and an entry. */
const read = `${begin}
local after, page = tonumber(ARGV[7]), tonumber(ARGV[8])
redis.call('PEXPIRE', KEYS[1], keep)
local found = {run, epoch, string.format('%.0f', last), string.format('%.0f', now)}
local from = after < last and math.max(after, last - size) or last
while page > 0 and from < last do
	local entries = redis.call('XRANGE', KEYS[2], '(' .. id(from), '+', 'COUNT', 50)
	if #entries == 0 then break end
	for _, entry in ipairs(entries) do
		from = tonumber(string.match(entry[1], '^%d+'))
		local time, before = string.match(entry[2][2], '^%S+ (%d+) (%d+)')
		if page > 0 and total - before <= bytes and time + ttl > now then
			found[#found + 1] = string.match(entry[1], '^%d+')
			found[#found + 1] = entry[2][2]
			found[#found + 1] = entry[2][4]
			page = page - #entry[2][4]
		end
	end
end
return found
`;

export function createScripts(): { append: Script; read: Script } {
	return { append: withSha(append), read: withSha(read) };
}

function withSha(text: string): Script {
	return { text, sha: createHash('sha1').update(text).digest('hex') };
}
