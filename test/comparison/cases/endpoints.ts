import type { Case } from '../case.ts';
import { get, head, request } from '../requests.ts';

const bodies = [
	'null',
	'undefined',
	'empty',
	'string',
	'json',
	'bytes',
	'empty-bytes',
	'buffer',
	'blob',
	'form',
	'large',
	'large-bytes',
	'large-blob',
	'stream',
	'stream-one',
	'stream-empty',
	'stream-empty-chunks',
	'stream-large',
	'stream-length',
	'at-once',
	'at-once-many',
	'failing',
	'failing-first',
	'locked',
	'sse',
	'sse-charset',
	'sse-own',
	'sse-string',
	'length',
	'length-of-nothing',
	'encoded',
	'chunked'
];

const answers = [
	'cookies',
	'latin1',
	'long',
	'many',
	'repeated',
	'empty',
	'tab',
	'case',
	'server',
	'type',
	'no-type',
	'cache',
	'etag',
	'weak-etag',
	'disposition',
	'location',
	'accept-ranges'
];

const codes = [200, 201, 202, 203, 204, 205, 206, 207, 226, 299];
const laterCodes = [300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 405, 410, 418, 422, 429, 451];
const serverCodes = [499, 500, 501, 502, 503, 504, 599];

const etags = ['"own"', 'W/"own"', '"other"', '*', '"a", "own"', '"cached"', '""'];

const fetched = ['/api/body/json', '/api/echo?x=1', '/api/error/expected', '/api/body/stream'];

/** What is fetched over the network, from the server itself. */
const fetchedByRequest = [
	'/plain.txt',
	'/pre/never',
	'/unknown.xyz',
	'/stream',
	'/api/body/stream',
	'/api/answer/cookies',
	'/data.json',
	'/gr%C3%BC%C3%9Fe.txt'
];

export const endpointCases: Case[] = [
	...bodies.flatMap((kind): Case[] => [
		{ name: `GET a body: ${kind}`, raw: get(`/api/body/${kind}`) },
		{ name: `HEAD a body: ${kind}`, raw: head(`/api/body/${kind}`) }
	]),
	...answers.flatMap((kind): Case[] => [
		{ name: `GET an answer: ${kind}`, raw: get(`/api/answer/${kind}`) },
		{ name: `HEAD an answer: ${kind}`, raw: head(`/api/answer/${kind}`) }
	]),
	...[...codes, ...laterCodes, ...serverCodes].flatMap((code): Case[] => [
		{ name: `GET status ${code}`, raw: get(`/api/status/${code}`) },
		{ name: `GET status ${code} with a body`, raw: get(`/api/status/${code}?body=text`) }
	]),
	...[204, 304, 404].map((code): Case => ({
		name: `HEAD status ${code}`,
		raw: head(`/api/status/${code}`)
	})),
	{ name: 'GET a status that cannot be', raw: get('/api/status/999') },
	{ name: 'GET a status with a text of its own', raw: get('/api/status/200?text=Fine') },
	...etags.flatMap((etag): Case[] => [
		{
			name: `GET an ETag of the app's own if none matches ${etag}`,
			raw: get('/api/answer/etag', { 'if-none-match': etag })
		},
		{
			name: `GET a weak ETag of the app's own if none matches ${etag}`,
			raw: get('/api/answer/weak-etag', { 'if-none-match': etag })
		},
		{
			name: `GET a cached answer if none matches ${etag}`,
			raw: get('/api/answer/cache', { 'if-none-match': etag })
		}
	]),
	...[301, 302, 303, 307, 308].map((code): Case => ({
		name: `GET a redirect ${code}`,
		raw: get(`/api/redirect/${code}`)
	})),
	{ name: 'GET a redirect with a query', raw: get('/api/redirect/303?to=/a%3Fb=c%26d') },
	{ name: 'GET a redirect to a name in UTF-8', raw: get('/api/redirect/303?to=/gr%C3%BC%C3%9Fe') },
	{ name: 'GET cookies that are set', raw: get('/api/cookies', { cookie: 'a=1; old=2' }) },
	...['expected', 'unexpected', 'nothing', 'bad-status', 'bad-header', 'absent'].flatMap(
		(kind): Case[] => [
			{ name: `GET an error: ${kind}`, raw: get(`/api/error/${kind}`) },
			{
				name: `GET an error as JSON: ${kind}`,
				raw: get(`/api/error/${kind}`, { accept: 'application/json' })
			},
			{
				name: `GET an error as HTML: ${kind}`,
				raw: get(`/api/error/${kind}`, { accept: 'text/html' })
			},
			{ name: `HEAD an error: ${kind}`, raw: head(`/api/error/${kind}`) }
		]
	),
	...fetched.map((to): Case => ({
		name: `an endpoint fetches ${to}`,
		raw: get(`/api/fetch?to=${encodeURIComponent(to)}`, { cookie: 'a=1', authorization: 'Basic x' })
	})),
	{ name: 'GET a file that is read', raw: get('/api/read') },
	{ name: 'GET a large file that is read', raw: get('/api/read?large') },
	{ name: 'HEAD a large file that is read', raw: head('/api/read?large') },
	{ name: 'GET what happened at the start', raw: get('/api/process') },
	{ name: 'GET an endpoint with a trailing slash too many', raw: get('/api/echo/') },
	{
		name: 'PUT an endpoint with a trailing slash too many',
		raw: request('PUT', '/api/echo/?a', {}, 'x')
	}
];

/** With `PROTOCOL_HEADER`, so that the app believes that it is served without TLS, as it is. */
export const selfFetchCases: Case[] = fetchedByRequest.flatMap((to): Case[] => [
	{
		name: `an endpoint fetches ${to} over the network`,
		env: { PROTOCOL_HEADER: 'x-forwarded-proto' },
		raw: ({ port }) =>
			get(`/api/fetch?to=${encodeURIComponent(to)}`, {
				host: `127.0.0.1:${port}`,
				'x-forwarded-proto': 'http'
			})
	},
	{
		name: `an endpoint hands on ${to} from the network`,
		env: { PROTOCOL_HEADER: 'x-forwarded-proto' },
		raw: ({ port }) =>
			get(`/api/proxy?to=${encodeURIComponent(to)}`, {
				host: `127.0.0.1:${port}`,
				'x-forwarded-proto': 'http'
			})
	}
]);
