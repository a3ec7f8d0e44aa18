import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { toHeaders } from '../../../../src/server/http/headers.ts';

/** What `node:http` makes of these header lines. */
async function inNode(pairs: [string, string][]): Promise<IncomingHttpHeaders> {
	const server = createServer({ insecureHTTPParser: false }).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
	const lines = pairs.map(([name, value]) => `${name}: ${value}\r\n`);
	socket.write(Buffer.from(`GET / HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'));
	const [request] = (await once(server, 'request')) as [IncomingMessage];
	socket.destroy();
	server.close();
	return request.headers;
}

/** Every name of which `node:http` may keep one value only, and some of which it keeps all. */
const names = [
	'age',
	'authorization',
	'content-type',
	'etag',
	'expires',
	'from',
	'if-modified-since',
	'if-unmodified-since',
	'last-modified',
	'location',
	'max-forwards',
	'proxy-authorization',
	'referer',
	'retry-after',
	'server',
	'user-agent',
	'accept',
	'accept-encoding',
	'cookie',
	'if-none-match',
	'if-range',
	'origin',
	'range',
	'sec-websocket-protocol',
	'via',
	'x-custom',
	'x-forwarded-for'
];

describe('toHeaders', () => {
	it.each(names)('makes of a repeated %s what node:http makes of it', async (name) => {
		const pairs: [string, string][] = [
			['host', 'example.com'],
			[name, 'first'],
			['x-between', '1'],
			[name, 'second']
		];
		const expected = (await inNode(pairs))[name];
		expect(toHeaders(pairs).get(name)).toBe(expected);
	});

	it('keeps bytes outside of ASCII as node:http does', async () => {
		const pairs: [string, string][] = [
			['host', 'example.com'],
			['x-name', 'Ã©\u00ff']
		];
		expect(toHeaders(pairs).get('x-name')).toBe((await inNode(pairs))['x-name']);
	});

	it('keeps an empty value', () => {
		expect(toHeaders([['x-empty', '']]).get('x-empty')).toBe('');
	});

	it('refuses what is no header', () => {
		expect(() => toHeaders([['x y', '1']])).toThrow(TypeError);
		expect(() => toHeaders([['x', 'a\u0000b']])).toThrow(TypeError);
	});
});
