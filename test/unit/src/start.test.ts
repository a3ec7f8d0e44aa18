import { existsSync } from 'node:fs';
import http, { request } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { start, type RunningServer } from '../../../src/server/start.ts';
import type { Variables } from '../../../src/server/env.ts';
import type { Handoff } from '../../../src/shared/handoff.ts';
import { createCertificate } from '../../support/certificate.ts';
import { tempFolder } from '../support/folder.ts';
import { fakeHandoff } from '../support/handoff.ts';

type Server = Handoff['server'];

interface Running extends RunningServer, AsyncDisposable {
	port: number;
}

/** A build that runs, on Node and on a free port of 127.0.0.1. */
async function run(parts: Partial<Handoff> = {}, variables: Variables = {}): Promise<Running> {
	const own = { ENGINE: 'node', HOST: '127.0.0.1', PORT: '0', SHUTDOWN_TIMEOUT: '0' };
	const running = await start(fakeHandoff(parts), { ...own, ...variables });
	const port = Number(running.port);
	return { ...running, port, [Symbol.asyncDispose]: () => running.close() };
}

function app(respond: Server['respond'], init: Server['init'] = () => Promise.resolve()): Server {
	return { init, respond } as Server;
}

async function get(port: number, path = '/') {
	const asked = request({ host: '127.0.0.1', port, path }).end();
	const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
	return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('a server', () => {
	const lines: string[] = [];
	beforeEach(() => {
		lines.length = 0;
		for (const method of ['log', 'warn', 'error'] as const)
			vi.spyOn(console, method).mockImplementation((line: string) => void lines.push(line));
	});
	afterEach(() => void vi.restoreAllMocks());

	it('listens when the app is ready, and says where', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		const seen: unknown[] = [];
		const server = app(
			() => Promise.resolve(new Response()),
			async ({ env }) => {
				// long enough for a server that does not wait
				await sleep(50);
				seen.push(existsSync(path), env);
			}
		);
		const variables = { SOCKET_PATH: path, NAME: 'value', ABSENT: undefined };
		await using running = await run({ server }, variables);
		expect(seen).toMatchObject([false, { NAME: 'value' }]);
		expect(seen[1]).not.toHaveProperty('ABSENT');
		expect(existsSync(path)).toBe(true);
		expect(running).toMatchObject({ path, host: false });
		expect(lines).toEqual([`Listening on ${path} with Node ${process.versions.node}`]);
	});

	it('says its scheme', async () => {
		using certificate = createCertificate();
		await using plain = await run();
		const files = { SSL_CERT: certificate.certPath, SSL_KEY: certificate.keyPath };
		await using secure = await run({}, files);
		expect(lines.map((line) => line.split(' with ')[0])).toEqual([
			`Listening on http://127.0.0.1:${plain.port}`,
			`Listening on https://127.0.0.1:${secure.port}`
		]);
	});

	it('hands a request to the app, with all that the app may ask about it', async () => {
		const seen: unknown[] = [];
		const server = app((asked, options) => {
			const { platform, getClientAddress } = options as unknown as {
				platform: App.Platform;
				getClientAddress(): string;
			};
			seen.push(asked.url, Object.keys(platform), getClientAddress());
			return Promise.resolve(new Response('hello', { status: 201 }));
		});
		await using running = await run({ server }, { PROTOCOL_HEADER: 'x-forwarded-proto' });
		expect(await get(running.port, '/page?x')).toMatchObject({ status: 201, body: 'hello' });
		const url = `https://127.0.0.1:${running.port}/page?x`;
		expect(seen).toEqual([url, ['req', 'websockets'], '127.0.0.1']);
	});

	it('keeps connections for as long as it is asked to, and reads heads for as long', async () => {
		const created = vi.spyOn(http, 'createServer');
		await using running = await run({}, { KEEP_ALIVE_TIMEOUT: '7', HEADERS_TIMEOUT: '8' });
		expect(created.mock.results[0]?.value).toMatchObject({
			keepAliveTimeout: 7000,
			headersTimeout: 8000
		});
		expect(running.port).toBeGreaterThan(0);
	});

	it('answers with a file before it asks the app, and with 500 where it is gone', async () => {
		using folder = tempFolder({ 'client/a.txt': 'a file' });
		const entry = (file: string): [string, Handoff['assets']['entries'][number][1]] => [
			`/${file}`,
			{ file, size: 6, etag: 'a' }
		];
		const assets = { entries: [entry('a.txt'), entry('gone.txt')], aliases: [] };
		const server = app(() => Promise.resolve(new Response('the app')));
		await using running = await run({ dir: folder.path, assets, server });
		expect(await get(running.port, '/a.txt')).toMatchObject({ status: 200, body: 'a file' });
		expect(await get(running.port, '/gone.txt')).toMatchObject({ status: 500 });
		expect(await get(running.port, '/other.txt')).toMatchObject({ body: 'the app' });
		expect(lines.filter((line) => line.includes('GET /gone.txt failed'))).toHaveLength(1);
	});

	it('finishes what is under way before it is closed', async () => {
		const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<Response>()];
		const server = app(() => {
			asked.resolve();
			return answer.promise;
		});
		await using running = await run({ server }, { SHUTDOWN_TIMEOUT: '1000' });
		const got = get(running.port);
		await asked.promise;
		const closed = running.close();
		// longer than the last bytes of an answer have
		await sleep(300);
		answer.resolve(new Response('late'));
		expect(await got).toMatchObject({ status: 200, body: 'late' });
		await closed;
		await expect(get(running.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	});
});
