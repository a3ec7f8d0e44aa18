import type { Case } from '../case.ts';
import {
	chunked,
	chunkedHeaders,
	get,
	head,
	multipart,
	origin,
	parts,
	post,
	request,
	urlencoded,
	type HeaderList
} from '../requests.ts';

const echo = '/api/echo';

/** Headers as they may come, to be seen by the app as Node shows them. */
const headers: [name: string, headers: HeaderList][] = [
	['cookies in two headers', { cookie: ['a=1', 'b=2'] }],
	['accept in two headers', { accept: ['text/html', 'application/json'] }],
	['a header of their own twice', { 'x-custom': ['1', '2'] }],
	['content-type twice', { 'content-type': ['text/plain', 'text/html'] }],
	['user-agent twice', { 'user-agent': ['a', 'b'] }],
	['referer twice', { referer: ['https://a.example/', 'https://b.example/'] }],
	['authorization twice', { authorization: ['Basic a', 'Basic b'] }],
	['if-modified-since twice', { 'if-modified-since': ['a', 'b'] }],
	['set-cookie in a request', { 'set-cookie': ['a=1', 'b=2'] }],
	['an empty header', { 'x-empty': ' ' }],
	['a header with spaces', { 'x-spaces': '  a  b  ' }],
	['a header with a tab', { 'x-tab': '\ta\tb\t' }],
	['a header in mixed case', { 'X-MiXeD': 'Value' }],
	['a header with commas', { 'x-list': 'a, b,c' }],
	['a header in UTF-8', { 'x-name': 'grüße' }],
	['a long header', { 'x-long': 'x'.repeat(7000) }],
	['a header with odd characters in its name', { "x-!#$%&'*+.^_`|~": '1' }],
	[
		'forwarded headers that nobody trusts',
		{
			'x-forwarded-for': '1.2.3.4',
			'x-forwarded-proto': 'http',
			'x-forwarded-host': 'evil.example',
			'x-forwarded-port': '1234',
			forwarded: 'for=1.2.3.4'
		}
	],
	[
		'connection headers',
		{ connection: 'keep-alive, x-hop', 'x-hop': '1', 'keep-alive': 'timeout=5' }
	],
	['te and trailer', { te: 'trailers', trailer: 'x-after' }],
	['a content-length of 0', { 'content-length': '0' }],
	['an origin', { origin: 'https://other.example' }],
	['no accept', {}],
	['x-sveltekit headers', { 'x-sveltekit-error': 'true', 'x-sveltekit-pathname': '/' }],
	[
		'many headers',
		Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-${index}`, '1']))
	]
];

const file = parts(
	{ head: 'name="text"', body: 'grüße\r\nzwei' },
	{
		head: 'name="file"; filename="grüße.bin"\r\nContent-Type: application/octet-stream',
		body: Buffer.from([0, 1, 2, 13, 10, 255])
	},
	{ head: 'name="empty"; filename=""', body: '' },
	{ head: 'name="text"', body: 'again' }
);

const large = Buffer.alloc(400_000, 'abcdefghij');

const bodies: Case[] = [
	{ name: 'POST no body', raw: post(echo) },
	{ name: 'POST an empty body', raw: post(echo, '') },
	{ name: 'POST text', raw: post(echo, 'grüße') },
	{ name: 'POST without a content-type', raw: request('POST', echo, { origin }, 'text') },
	{ name: 'PUT text', raw: request('PUT', echo, { origin }, 'text') },
	{ name: 'DELETE with a body', raw: request('DELETE', echo, { origin }, 'text') },
	{ name: 'PROPFIND with a body', raw: request('PROPFIND', echo, { origin }, '<a/>') },
	{ name: 'GET with a body', raw: request('GET', echo, {}, 'ignored') },
	{ name: 'HEAD with a body', raw: request('HEAD', echo, {}, 'ignored') },
	{
		name: 'GET with a chunked body',
		raw: request('GET', echo, chunkedHeaders, chunked('ignored'))
	},
	{
		name: 'POST a chunked body',
		raw: post(echo, chunked('one ', 'two ', 'three'), chunkedHeaders)
	},
	{ name: 'POST an empty chunked body', raw: post(echo, chunked(), chunkedHeaders) },
	{
		name: 'POST a chunked body in capitals',
		raw: post(echo, 'A\r\n0123456789\r\n0\r\n\r\n', { 'transfer-encoding': 'Chunked' })
	},
	{
		name: 'POST JSON',
		raw: post('/api/echo/json', '{"a": ["grüße"]}', { 'content-type': 'application/json' })
	},
	{
		name: 'POST JSON that is none',
		raw: post('/api/echo/json', '{', { 'content-type': 'application/json' })
	},
	{
		name: 'POST every byte',
		raw: post('/api/echo/bytes', Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
	},
	{ name: 'POST 400 KB', raw: post('/api/echo/bytes', large) },
	{
		name: 'POST 400 KB chunked',
		raw: post('/api/echo/bytes', chunked(large, large.subarray(0, 9)), chunkedHeaders)
	},
	{ name: 'POST 400 KB that come back as they come', raw: post('/api/echo/stream', large) },
	{ name: 'POST nothing that comes back', raw: post('/api/echo/stream') },
	{
		name: 'POST a urlencoded form',
		raw: post('/api/echo/form', 'a=1+2&b=%C3%BC&a=3&=&c', urlencoded)
	},
	{
		name: 'POST a urlencoded form with a charset',
		raw: post('/api/echo/form', 'a=1', {
			'content-type': 'application/x-www-form-urlencoded; charset=UTF-8'
		})
	},
	{ name: 'POST a multipart form with a file', raw: post('/api/echo/form', file, multipart) },
	{
		name: 'POST a multipart form, chunked',
		raw: post('/api/echo/form', chunked(file.subarray(0, 50), file.subarray(50)), {
			...multipart,
			...chunkedHeaders
		})
	},
	{
		name: 'POST a multipart form that breaks off',
		raw: post('/api/echo/form', file.subarray(0, 60), multipart)
	},
	{
		name: 'POST text where a form is read',
		raw: post('/api/echo/form', 'a=1', { 'content-type': 'text/plain' })
	},
	{ name: 'POST a body that is not read', raw: post('/api/ignore', 'x'.repeat(1000)) },
	{
		name: 'POST a body of which one chunk is read',
		raw: post('/api/echo/partial', 'x'.repeat(1000))
	},
	{ name: 'POST a body to a file', raw: post('/plain.txt', 'x'.repeat(1000)) },
	{ name: 'POST a body to nowhere', raw: post('/nowhere', 'x'.repeat(1000)) }
];

export const requestCases: Case[] = [
	...headers.map(([name, each]): Case => ({ name: `GET with ${name}`, raw: get(echo, each) })),
	{ name: 'HEAD of everything about a request', raw: head(echo) },
	...bodies
];
