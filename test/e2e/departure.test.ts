import { describe, expect, test } from 'vitest';
import { connectClient, type Client } from '../support/client.ts';
import { Load, type LoadOptions } from '../support/load.ts';
import { runApp } from '../support/server.ts';
import { engines, faultsBuild } from './chat.ts';

/** Clients as they come: that ask as fast as they can, that think, that connect anew each time, that upload. */
const clients: Record<string, Omit<LoadOptions, 'port'>> = {
	'keep their connections': { clients: 16, path: '/address' },
	'ask for files': { clients: 16, path: '/_app/version.json' },
	'ask now and then': { clients: 32, path: '/address', pause: 100 },
	'connect for each request': { clients: 8, path: '/address', isFresh: true },
	upload: { clients: 8, path: '/upload', body: 'x'.repeat(200_000) }
};

test('5,000 sockets are closed with 1001, and not in one moment', async () => {
	await using app = await runApp({ args: [faultsBuild], env: { ENGINE: 'uws' } });
	const connected: Client[] = [];
	while (connected.length < 5000) {
		const some = Array.from({ length: 250 }, () => connectClient(`${app.url}/echo`));
		connected.push(...(await Promise.all(some)));
	}
	const ends = connected.map(({ closed }) =>
		closed.then(({ code }) => ({ code, at: performance.now() }))
	);
	app.signal('SIGTERM');
	const closes = await Promise.all(ends);
	expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1001]));
	const times = closes.map(({ at }) => at);
	expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(300);
	expect(await app.exited).toBe(0);
});

/** One process, and two that share a port. */
const servers = engines.flatMap((engine) =>
	['1', '2'].map((WORKERS) => ({
		name: `${engine} in ${WORKERS}`,
		env: { ENGINE: engine, WORKERS }
	}))
);

describe.each(servers)('on $name a server stops under load', ({ env }) => {
	test.each(Object.entries(clients))('and no request of clients that %s fails', async (_, kind) => {
		await using app = await runApp({ args: [faultsBuild], env });
		const load = new Load({ port: app.port, ...kind });
		await load.reached(200);
		app.signal('SIGTERM');
		expect(await app.exited).toBe(0);
		await load.done;
		expect(load.failures).toEqual([]);
		// Each client has come to a closed door in the end.
		expect(load.refused).toBe(kind.clients);
	});

	test('and an upload that was answered early is read on', async () => {
		await using app = await runApp({ args: [faultsBuild], env });
		const load = new Load({
			port: app.port,
			clients: 1,
			path: '/address',
			body: 'x'.repeat(4_000_000)
		});
		await load.reached(5);
		const { answered } = load;
		app.signal('SIGTERM');
		await load.reached(answered + 5);
		await load.end();
		expect(load.failures).toEqual([]);
		expect(await app.exited).toBe(0);
	});
});
