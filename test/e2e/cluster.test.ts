import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawnApp } from '../support/server.ts';
import { freePort } from './chat.ts';
import { answerers, customBuild, expectEcho, isRunning, membersOf } from './processes.ts';

const primary = fileURLToPath(new URL('./servers/cluster.js', import.meta.url));

const run = (env: Record<string, string>) =>
	spawnApp({ args: [primary, customBuild], env: { HOST: '127.0.0.1', ...env } });

type Running = ReturnType<typeof run>;

const isAt = /worker (\d+) is at (\d+)\./g;

/** Where the two workers listen, once they do. */
async function workersOf(app: Running): Promise<{ pids: number[]; ports: number[] }> {
	await app.printed(/(is at[^]*){2}/);
	const found = [...app.output().matchAll(isAt)];
	return {
		pids: found.map(([, pid]) => Number(pid)),
		ports: found.map(([, , port]) => Number(port))
	};
}

const placed: [string, () => Promise<string>][] = [
	['a port', freePort],
	['any free port', () => Promise.resolve('0')]
];

test.each(placed)(
	'two workers of node:cluster share %s, each with its sockets',
	async (_, choose) => {
		await using app = run({ PORT: await choose() });
		const { pids, ports } = await workersOf(app);
		expect(new Set(ports).size).toBe(1);
		const [port = 0] = ports;
		await expect.poll(() => answerers({ port })).toEqual(pids.toSorted());
		expect(app.output()).toContain('This is a worker of node:cluster');
		const clients = await membersOf(port, pids);
		for (const client of clients.values()) await expectEcho(client);

		// one goes by a signal: its clients are told, those of the other stay
		const [first = 0, second = 0] = pids;
		process.kill(first, 'SIGTERM');
		expect(await clients.get(first)?.closed).toMatchObject({ code: 1001 });
		await app.printed(new RegExp(`worker ${first} has ended with 0\\.`));
		await expectEcho(clients.get(second));
		expect(await answerers({ port })).toEqual([second]);
		process.kill(second, 'SIGTERM');
		await app.printed(new RegExp(`worker ${second} has ended with 0\\.`));
		expect(await app.exited).toBe(0);
	}
);

test('a worker that its primary disconnects closes its sockets, and goes', async () => {
	await using app = run({ PORT: '0', ENGINE: 'node' });
	const { pids, ports } = await workersOf(app);
	const [port = 0] = ports;
	const clients = await membersOf(port, pids);
	app.signal('SIGUSR2');
	const output = await app.printed(/has ended with 0\./);
	const gone = Number(/worker (\d+) has ended/.exec(output)?.[1]);
	const stays = pids.find((pid) => pid !== gone) ?? 0;
	expect(await clients.get(gone)?.closed).toMatchObject({ code: 1001 });
	await expectEcho(clients.get(stays));
	expect(await answerers({ port })).toEqual([stays]);
});

test('workers whose primary is gone go too', async () => {
	await using app = run({ PORT: '0' });
	const { pids } = await workersOf(app);
	app.signal('SIGKILL');
	await app.exited;
	for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false);
});

test('two workers share a unix socket, also where one was left behind', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
	const path = join(folder, 'app.sock');
	try {
		for (let round = 0; round < 2; round += 1) {
			await using app = run({ SOCKET_PATH: path });
			await app.printed(new RegExp(`(Listening on ${path}[^]*){2}`));
			await expect.poll(() => answerers({ socketPath: path })).toHaveLength(2);
			app.signal('SIGKILL');
			await app.exited;
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('on uWebSockets.js the second worker says in one sentence what to do', async () => {
	await using app = run({ PORT: await freePort(), ENGINE: 'uws' });
	await app.printed(/has ended with 1\./);
	expect(app.output()).toMatch(
		/^\[svelte-adapter-ws\] Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\. Workers of node:cluster can share it on Node only: set ENGINE=node, or give each worker a place of its own\.$/m
	);
	expect(app.output()).not.toMatch(/^\s+at /m);
});

test('a port that another program has is no place for workers either', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	const port = String(Object(other.address()).port);
	await using app = run({ PORT: port });
	await app.printed(/(has ended with 1\.[^]*){2}/);
	expect(app.output()).toContain('Stop the process that listens there');
	other.close();
});
