import type { Case, Raw } from '../case.ts';
import { chunked, chunkedHeaders, get, head, post, request, urlencoded } from '../requests.ts';

/** Every way in which an answer ends. The connection has to be as good as new after each, or closed. */
const ends: [name: string, raw: Raw][] = [
	['a file', get('/plain.txt')],
	['a large file', get('/two-megabytes.bin')],
	['an empty file', get('/empty.txt')],
	['a part of a file', get('/large.txt', { range: 'bytes=5-100000' })],
	['a range that cannot be', get('/plain.txt', { range: 'bytes=9999-' })],
	['a file that has not changed', get('/plain.txt', { 'if-none-match': '*' })],
	['a file for HEAD', head('/two-megabytes.bin')],
	['a method that a file has not', request('DELETE', '/plain.txt')],
	['a body for a file', post('/plain.txt', 'x'.repeat(100_000))],
	['a prerendered redirect', get('/pre/never/')],
	['a page', get('/never')],
	['a page for HEAD', head('/never')],
	['a redirect', get('/never/')],
	['a page that streams', get('/stream')],
	['a page that is absent', get('/nowhere')],
	['a page that fails', get('/error/unexpected')],
	['an answer without a body', get('/api/body/null')],
	['an empty answer', get('/api/body/empty')],
	['a status without a body', get('/api/status/204')],
	['another status without a body', get('/api/status/304')],
	['a status with an empty body', get('/api/status/205')],
	['a large answer', get('/api/body/large')],
	['a stream', get('/api/body/stream')],
	['a stream for HEAD', head('/api/body/stream')],
	['a stream without a chunk', get('/api/body/stream-empty')],
	['a stream with a length', get('/api/body/stream-length')],
	['an event stream', get('/api/body/sse')],
	['a stream that fails', get('/api/body/failing')],
	['a body that is read', post('/api/echo', 'x'.repeat(5000))],
	['a body that is not read', post('/api/ignore', 'x'.repeat(100_000))],
	[
		'a chunked body that is not read',
		post('/api/ignore', chunked('x'.repeat(100_000)), chunkedHeaders)
	],
	['a body of which one chunk is read', post('/api/echo/partial', 'x'.repeat(100_000))],
	['a body that comes back', post('/api/echo/stream', 'x'.repeat(100_000))],
	[
		'a form that is refused',
		post('/form?/success', 'a=1', { ...urlencoded, origin: 'https://evil.example' })
	],
	['a GET with a body', request('GET', '/api/echo', {}, 'x'.repeat(5000))],
	['a bad host', get('/never', { host: 'a b' })],
	['a body with a bad host', post('/api/echo', 'x'.repeat(5000), { host: 'a b' })],
	['a path that cannot be decoded', get('/%zz')]
];

const expects = { expect: '100-continue' };

const handshake = {
	connection: 'upgrade',
	upgrade: 'websocket',
	'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
	'sec-websocket-version': '13'
};

export const connectionCases: Case[] = [
	...ends.map(([name, raw]): Case => ({
		name: `three requests on one connection: ${name}`,
		raw: [raw, raw, get('/api/echo')]
	})),
	{
		name: 'every end, one after another',
		raw: ends.filter(([name]) => !/fails|bad host/.test(name)).map(([, raw]) => raw)
	},
	{
		name: 'connection: close for a file',
		raw: [get('/plain.txt', { connection: 'close' }), get('/plain.txt')]
	},
	{
		name: 'connection: close for a page',
		raw: [get('/never', { connection: 'close' }), get('/never')]
	},
	{
		name: 'connection: close for an endpoint',
		raw: [get('/api/body/stream', { connection: 'close' }), get('/never')]
	},
	{ name: 'expect 100-continue', raw: post('/api/echo', 'the body', expects) },
	{ name: 'expect 100-continue for a file', raw: post('/plain.txt', 'the body', expects) },
	{ name: 'expect 100-continue without a body', raw: get('/api/echo', expects) },
	{
		name: 'upgrade to something else',
		raw: get('/api/echo', { connection: 'upgrade', upgrade: 'h2c' })
	},
	{
		name: 'upgrade by POST',
		raw: post('/api/echo', 'x', { connection: 'upgrade', upgrade: 'websocket' })
	},
	{ name: 'a plain GET of a socket', raw: get('/socket/1') },
	{ name: 'a plain POST to a socket', raw: post('/socket/1') },
	{ name: 'a handshake with a socket', raw: get('/socket/1', handshake) },
	{ name: 'a handshake where there is no socket', raw: get('/nowhere', handshake) },
	{ name: 'a handshake by POST', raw: post('/api/echo', '', handshake) }
];
