import { withEnv, type Case } from '../case.ts';
import {
	chunked,
	chunkedHeaders,
	get,
	multipart,
	parts,
	post,
	request,
	urlencoded
} from '../requests.ts';

const json = { accept: 'application/json' };

function bodies(limit: number): Case[] {
	const exact = Buffer.alloc(limit, 'x');
	const over = Buffer.alloc(limit + 1, 'x');
	const half = exact.subarray(0, Math.ceil(limit / 2));
	const name = `limit ${limit}`;
	return [
		{ name: `${name}: exactly as much`, raw: post('/api/echo', exact) },
		{ name: `${name}: one byte more`, raw: post('/api/echo', over) },
		{ name: `${name}: one byte more, as JSON`, raw: post('/api/echo', over, json) },
		{
			name: `${name}: exactly as much, chunked`,
			raw: post('/api/echo', chunked(exact), chunkedHeaders)
		},
		{
			name: `${name}: one byte more, chunked`,
			raw: post('/api/echo', chunked(over), chunkedHeaders)
		},
		{
			name: `${name}: too much in several chunks`,
			raw: post('/api/echo', chunked(half, half, half), chunkedHeaders)
		},
		{ name: `${name}: too much for a form`, raw: post('/api/echo/form', over, urlencoded) },
		{
			name: `${name}: too much for an action`,
			raw: post('/form?/success', over, { ...urlencoded, accept: 'text/html' })
		},
		{
			name: `${name}: too much for an upload`,
			raw: post('/form?/upload', parts({ head: 'name="file"; filename="a"', body: over }), {
				...multipart,
				accept: 'text/html'
			})
		},
		{ name: `${name}: too much that comes back as it comes`, raw: post('/api/echo/stream', over) },
		{
			name: `${name}: too much that comes back as it comes, chunked`,
			raw: post('/api/echo/stream', chunked(half, half, half), chunkedHeaders)
		},
		{ name: `${name}: too much that is not read`, raw: post('/api/ignore', over) },
		{
			name: `${name}: too much that is not read, chunked`,
			raw: post('/api/ignore', chunked(over), chunkedHeaders)
		},
		{ name: `${name}: too much of which one chunk is read`, raw: post('/api/echo/partial', over) },
		{ name: `${name}: too much for a file`, raw: post('/plain.txt', over) },
		{ name: `${name}: too much for nowhere`, raw: post('/nowhere', over) },
		{ name: `${name}: too much for GET`, raw: request('GET', '/api/echo', {}, over) },
		{
			name: `${name}: too much, then another request`,
			raw: [post('/api/echo', over), get('/api/echo')]
		},
		{
			name: `${name}: too much chunked, then another request`,
			raw: [post('/api/echo', chunked(over), chunkedHeaders), get('/api/echo')]
		}
	];
}

export const limitCases: Case[] = [
	...withEnv({ BODY_SIZE_LIMIT: '1000' }, bodies(1000)),
	...withEnv({ BODY_SIZE_LIMIT: '100k' }, bodies(100 * 1024)),
	...withEnv({ BODY_SIZE_LIMIT: '0' }, [
		{ name: 'limit 0: no body', raw: post('/api/echo') },
		{ name: 'limit 0: an empty body', raw: post('/api/echo', '') },
		{ name: 'limit 0: one byte', raw: post('/api/echo', 'x') },
		{ name: 'limit 0: an empty chunked body', raw: post('/api/echo', chunked(), chunkedHeaders) },
		{ name: 'limit 0: one byte, chunked', raw: post('/api/echo', chunked('x'), chunkedHeaders) }
	]),
	...withEnv({ BODY_SIZE_LIMIT: 'Infinity' }, [
		{ name: 'no limit: 3 MB', raw: post('/api/echo/bytes', Buffer.alloc(3_000_000, 'abc')) },
		{
			name: 'no limit: 3 MB chunked',
			raw: post('/api/echo/bytes', chunked(Buffer.alloc(3_000_000, 'abc')), chunkedHeaders)
		},
		{
			name: 'no limit: 3 MB that come back',
			raw: post('/api/echo/stream', Buffer.alloc(3_000_000, 'abc'))
		}
	]),
	{ name: 'the usual limit: 512 KiB', raw: post('/api/echo/bytes', Buffer.alloc(512 * 1024)) },
	{
		name: 'the usual limit: one byte more',
		raw: post('/api/echo/bytes', Buffer.alloc(512 * 1024 + 1))
	},
	{
		name: 'the usual limit: one byte more, chunked',
		raw: post('/api/echo/bytes', chunked(Buffer.alloc(512 * 1024 + 1)), chunkedHeaders)
	}
];
