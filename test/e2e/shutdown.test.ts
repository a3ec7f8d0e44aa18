import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createCertificate } from '../support/certificate.ts';
import { connectClient } from '../support/client.ts';
import { RawConnection } from '../support/raw.ts';
import { runApp, spawnApp, type RunningApp } from '../support/server.ts';
import { engines, faultsBuild } from './chat.ts';

/** Seconds that no test waits for: what does not end by itself fails the test. */
const never = '600';

const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

const lastChunk = '0\r\n\r\n';

describe.each(engines)('on %s a signal', (engine) => {
	const run = (env: Record<string, string> = {}) =>
		runApp({ args: [faultsBuild], env: { ENGINE: engine, SHUTDOWN_TIMEOUT: never, ...env } });

	/** A connection with a request whose answer has begun, or has not, as the app has said by then. */
	async function ask(app: RunningApp, target: string, said: RegExp, headers = '') {
		const connection = await RawConnection.open(app.port);
		connection.write(get(target, headers));
		await app.printed(said);
		return connection;
	}

	test('cuts event streams at once, and says why; everything else is finished', async () => {
		await using app = await run();
		await using client = await connectClient(`${app.url}/echo`);
		const types = ['text/event-stream', 'text/event-stream;charset=utf-8', 'Text/Event-Stream'];
		const names = [...types.map((type) => `?type=${type}`), '?silent', '?lingers'];
		const streams = await Promise.all(
			names.map((name) => ask(app, `/streams/live${name}`, new RegExp(`asked \\${name}\n`)))
		);
		await Promise.all(
			streams.filter((_, index) => index !== 3).map((stream) => stream.received('data: 1'.length))
		);
		const accept = 'Accept: text/event-stream\r\n';
		const waiting = await ask(app, '/streams/live?waits', /asked \?waits\n/, accept);
		const lines = await RawConnection.open(app.port);
		lines.write(get('/streams/lines'));
		await lines.received('"first"'.length);
		const subscribed = await ask(app, '/subscribed', /subscribed\n/);
		const upload = await RawConnection.open(app.port);
		upload.write(
			'POST /upload?shutdown HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 4\r\n\r\n'
		);
		upload.write('by');
		await app.printed(/receiving: \?shutdown/);

		app.signal('SIGTERM');
		for (const stream of [...streams, waiting]) {
			await stream.closed();
			// An answer that looks complete would tell clients such as that of query.live not to come back.
			expect(stream.rest.toString()).not.toContain(lastChunk);
		}
		const reason = 'AbortError: The server is shutting down';
		for (const name of names) {
			await app.printed(new RegExp(`aborted \\${name}: ${reason}\n`));
			await app.printed(new RegExp(`cancelled \\${name}: ${reason}\n`));
		}
		await app.printed(new RegExp(`aborted \\?waits: ${reason}\n`));
		expect((await lines.response()).body.toString()).toBe('"first"\n"last"\n');
		expect((await subscribed.response()).body.toString()).toBe('no message');
		expect((await client.closed).code).toBe(1001);
		expect(app.isRunning).toBe(true);
		upload.write('e!');
		const uploaded = await upload.response();
		expect(uploaded.status).toBe(200);
		expect(new Map(uploaded.headers).get('connection')).toBe('close');
		expect(await app.exited).toBe(0);
		expect(app.output()).not.toContain('[svelte-adapter-ws] GET');
	});

	test('answers what still comes on an open connection, but for event streams', async () => {
		await using app = await run();
		const open = await Promise.all([1, 2].map(() => RawConnection.open(app.port)));
		const [plain, events] = open as [RawConnection, RawConnection];
		for (const connection of open) {
			connection.write(get('/'));
			expect((await connection.response()).status).toBe(200);
		}
		const busy = await ask(app, '/streams/live?type=text/plain', /asked \?type=text\/plain\n/);
		app.signal('SIGTERM');
		await refuses(app.port);
		// node:http has closed what was idle.
		if (engine === 'uws') {
			plain.write(get('/'));
			const answer = await plain.response();
			expect([answer.status, new Map(answer.headers).get('connection')]).toEqual([200, 'close']);
			events.write(get('/streams/live?late'));
		}
		await events.closed();
		expect(events.rest.byteLength).toBe(0);
		expect(app.isRunning).toBe(true);
		await busy[Symbol.asyncDispose]();
		expect(await app.exited).toBe(0);
	});

	test('is not held up by connections on which nothing happens', async () => {
		await using app = await run();
		const idle = await RawConnection.open(app.port);
		// The system shows Bun no connection before its first byte, and tells nobody when Bun is gone.
		idle.write('G');
		const used = await RawConnection.open(app.port);
		used.write(get('/'));
		await used.response();
		app.signal('SIGINT');
		expect(await app.exited).toBe(0);
		await Promise.all([idle.closed(), used.closed()]);
	});

	test.for([
		['SIGTERM', 'SIGINT', 130],
		['SIGINT', 'SIGTERM', 143]
	] as const)('%s, and then %s: the second one ends it at once', async ([first, second, code]) => {
		await using app = await run();
		await ask(app, '/streams/live?type=text/plain', /asked \?type=text\/plain\n/);
		app.signal(first);
		await refuses(app.port);
		expect(app.isRunning).toBe(true);
		// Right after the first one it may be the same, which came by another way.
		const insist = () => {
			app.signal(second);
			return app.isRunning;
		};
		await expect.poll(insist).toBe(false);
		expect(await app.exited).toBe(code);
	});

	test('twice in the same moment is one', async () => {
		await using app = await run();
		app.signal('SIGINT');
		app.signal('SIGTERM');
		expect(await app.exited).toBe(0);
	});

	test('cuts event streams over TLS, too', async () => {
		using certificate = createCertificate();
		const { certPath, keyPath, cert } = certificate;
		await using app = await runTls(engine, { SSL_CERT: certPath, SSL_KEY: keyPath });
		const socket = connectTls({ port: app.port, host: '127.0.0.1', ca: cert });
		socket.on('error', () => {});
		socket.write(get('/streams/live?tls'));
		await app.printed(/asked \?tls\n/);
		await once(socket, 'data');
		const closed = new Promise((resolve) => void socket.once('close', resolve));
		app.signal('SIGTERM');
		await closed;
		await app.printed(/cancelled \?tls: AbortError: The server is shutting down\n/);
		expect(await app.exited).toBe(0);
	});
});

async function runTls(engine: string, env: Record<string, string>) {
	const app = spawnApp({
		args: [faultsBuild],
		env: {
			ENGINE: engine,
			SHUTDOWN_TIMEOUT: never,
			HOST: '127.0.0.1',
			PORT: '0',
			...env
		}
	});
	const output = await app.printed(/Listening on \S+:\d+/);
	return Object.assign(app, { port: Number(/Listening on \S+:(\d+)/.exec(output)?.[1]) });
}

/** When nobody listens any more. */
async function refuses(port: number): Promise<void> {
	const isRefused = async () => {
		const socket: Socket = connect(port, '127.0.0.1');
		try {
			await once(socket, 'connect');
			return false;
		} catch {
			return true;
		} finally {
			socket.destroy();
		}
	};
	await expect.poll(isRefused).toBe(true);
}
