import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineOptions } from '../../../../../src/server/engine/engine.ts';
import { NodeEngine } from '../../../../../src/server/engine/node/index.ts';
import { createCertificate } from '../../../../support/certificate.ts';

const handlers = { request() {}, upgrade() {}, error() {} };

/** The server of Node that an engine with these options listens with. */
async function serverOf(options: EngineOptions): Promise<http.Server> {
	const created = vi.spyOn(options.tls ? https : http, 'createServer');
	const engine = new NodeEngine(options, handlers);
	await engine.listen({ host: '127.0.0.1', port: 0 });
	engine.close();
	return created.mock.results[0]?.value as http.Server;
}

describe('the server of the Node engine', () => {
	afterEach(() => void vi.restoreAllMocks());

	it.each(['http', 'https'])(
		'has the time-outs that are asked for in seconds: %s',
		async (scheme) => {
			using certificate = createCertificate();
			const { certPath: cert, keyPath: key } = certificate;
			const server = await serverOf({
				keepAliveTimeout: 7,
				headersTimeout: 8,
				...(scheme === 'https' && { tls: { cert, key } })
			});
			expect([server.keepAliveTimeout, server.headersTimeout]).toEqual([7000, 8000]);
		}
	);

	it('has those of Node where none are asked for', async () => {
		const { keepAliveTimeout, headersTimeout } = http.createServer();
		expect(await serverOf({})).toMatchObject({ keepAliveTimeout, headersTimeout });
	});

	it('takes a time for the head that is longer than Node gives to a whole request', async () => {
		expect((await serverOf({ headersTimeout: 400 })).headersTimeout).toBe(400_000);
	});

	it('does not bother anybody with a request whose client has left before', () => {
		const request = vi.fn();
		const req = { socket: { destroyed: true } } as IncomingMessage;
		new NodeEngine({}, { ...handlers, request }).receive(req, {} as ServerResponse);
		expect(request).not.toHaveBeenCalled();
	});
});
