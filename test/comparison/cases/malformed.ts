import type { Case } from '../case.ts';
import { chunked, chunkedHeaders, get, post, request } from '../requests.ts';

const echo = '/api/echo';

function headers(count: number): Record<string, string> {
	return Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1']));
}

/** Seldom, but to be read all the same. */
const unusual: Case[] = [
	{ name: 'absolute form', raw: request('GET', 'http://app.example/api/echo') },
	{ name: 'HTTP/1.0', raw: 'GET /api/echo HTTP/1.0\r\nHost: app.example\r\n\r\n' },
	{ name: 'HTTP/2.0', raw: 'GET /api/echo HTTP/2.0\r\nHost: app.example\r\n\r\n' },
	{ name: 'HTTP/1.2', raw: 'GET /api/echo HTTP/1.2\r\nHost: app.example\r\n\r\n' },
	{ name: 'an empty line before a request', raw: `\r\n${String(get(echo))}` },
	{ name: '15 KB of headers', raw: get(echo, { 'x-long': 'x'.repeat(15_000) }) },
	{ name: 'a target of 15 KB', raw: get(`${echo}?${'x'.repeat(15_000)}`) },
	{ name: '98 headers', raw: get(echo, headers(97)) },
	{ name: '150 headers', raw: get(echo, headers(149)) },
	{
		name: 'a chunk with an extension',
		raw: post(echo, '4;name=value\r\nbody\r\n0\r\n\r\n', chunkedHeaders)
	},
	{
		name: 'a chunked body with a trailer',
		raw: post(echo, '4\r\nbody\r\n0\r\nx-after: 1\r\n\r\n', chunkedHeaders)
	},
	{ name: 'expect something else', raw: post(echo, 'the body', { expect: 'something-else' }) }
];

/** What no app is to see. */
const refused: Case[] = [
	{ name: 'no HTTP at all', raw: 'hello\r\n\r\n' },
	{ name: 'no header at all', raw: 'GET /api/echo HTTP/1.1\r\n\r\n' },
	{ name: 'lines that end with a line feed alone', raw: 'GET / HTTP/1.1\nHost: a\n\n' },
	{ name: 'a header without a colon', raw: 'GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n' },
	{ name: 'a header without a name', raw: 'GET / HTTP/1.1\r\nHost: a\r\n: value\r\n\r\n' },
	{ name: 'a space before a colon', raw: 'GET / HTTP/1.1\r\nHost: a\r\nx-a : b\r\n\r\n' },
	{ name: 'a folded header', raw: 'GET / HTTP/1.1\r\nHost: a\r\nx-a: b\r\n c\r\n\r\n' },
	{ name: 'a NUL in a header', raw: get(echo, { 'x-nul': 'a\0b' }) },
	{ name: 'a space in the target', raw: 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n' },
	{ name: 'a target without a slash', raw: get('api/echo') },
	{ name: 'a tab in the target', raw: get('/api/echo?a\tb') },
	{ name: 'a content-length that is no number', raw: post(echo, 'x', { 'content-length': 'x' }) },
	{ name: 'a negative content-length', raw: post(echo, 'x', { 'content-length': '-1' }) },
	{ name: 'a content-length with a plus', raw: post(echo, 'x', { 'content-length': '+1' }) },
	{ name: 'two content-lengths', raw: post(echo, 'xy', { 'content-length': ['1', '2'] }) },
	{
		name: 'the same content-length twice',
		raw: post(echo, 'xy', { 'content-length': ['2', '2'] })
	},
	{
		name: 'content-length and transfer-encoding',
		raw: post(echo, chunked('x'), { ...chunkedHeaders, 'content-length': '6' })
	},
	{ name: 'an unknown transfer-encoding', raw: post(echo, 'x', { 'transfer-encoding': 'gzip' }) },
	{
		name: 'a transfer-encoding after chunked',
		raw: post(echo, chunked('x'), { 'transfer-encoding': 'chunked, gzip' })
	},
	{
		name: 'a chunk size that is no number',
		raw: post(echo, 'g\r\nx\r\n0\r\n\r\n', chunkedHeaders)
	},
	{
		name: 'a chunk that is longer than it says',
		raw: post(echo, '1\r\nxy\r\n0\r\n\r\n', chunkedHeaders)
	},
	{ name: '100 KB of headers', raw: get(echo, { 'x-long': 'x'.repeat(100_000) }) }
];

export const malformedCases: Case[] = [
	...unusual,
	...refused.map((each): Case => ({ ...each, isAll: true }))
];
