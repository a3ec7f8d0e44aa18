import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { readBody } from '../../../../../src/server/engine/node/body.ts';
import { RawConnection } from '../../../../support/raw.ts';

const post = (body: string) =>
	`POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const chunked = (body: string) =>
	`POST /items HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`;

describe('readBody', () => {
	let stop: () => void = () => {};

	afterEach(() => stop());

	/** What the body is once somebody else had the request. */
	async function bodyAfter(
		before: (req: IncomingMessage) => unknown,
		request: string
	): Promise<string> {
		const server = createServer().listen(0, '127.0.0.1');
		stop = () => {
			server.close();
			server.closeAllConnections();
		};
		await once(server, 'listening');
		const asked = once(server, 'request');
		const connection = await RawConnection.open((server.address() as AddressInfo).port);
		connection.write(request);
		const [req] = (await asked) as [IncomingMessage];
		await before(req);
		const body = readBody(req);
		return Buffer.from(await new Response(body.stream).arrayBuffer()).toString();
	}

	const left = {
		'nobody has touched': () => {},
		'was paused': (req: IncomingMessage) => req.pause(),
		'was paused a while ago': async (req: IncomingMessage) => {
			req.pause();
			await new Promise((resolve) => setImmediate(resolve));
		},
		'has an encoding': (req: IncomingMessage) => req.setEncoding('utf8'),
		'has an encoding of bytes': (req: IncomingMessage) => req.setEncoding('base64'),
		'somebody else listens to as well': (req: IncomingMessage) => req.on('data', () => {})
	};

	it.each(Object.entries(left))('reads a body that %s', async (_, before) => {
		expect(await bodyAfter(before, post('grüße 日本'))).toBe('grüße 日本');
	});

	const read: Record<string, (req: IncomingMessage) => unknown> = {
		'was read to its end': (req) => buffer(req),
		'was read to its end before its end was told': async (req) => {
			req.resume();
			await once(req, 'data');
		},
		'was read in part': async (req) => {
			await once(req, 'readable');
			req.read(2);
		},
		'was read by a loop that was left': async (req) => {
			for await (const _ of req.iterator({ destroyOnReturn: false })) break;
		}
	};

	it.each(Object.entries(read))('fails at once for a body that %s', async (_, before) => {
		for (const request of [post('{"a":1}'), chunked('7\r\n{"a":1}\r\n')]) {
			await expect(bodyAfter(before, request)).rejects.toMatchObject({
				code: 'body_used',
				message: expect.stringContaining('(POST /items). Mount the handler')
			});
		}
	});

	it('is empty for an empty body that was read', async () => {
		expect(await bodyAfter((req) => buffer(req), chunked(''))).toBe('');
	});
});
