import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { connectClient } from '../support/client.ts';
import { runApp, spawnApp, type RunningApp } from '../support/server.ts';
import { engines } from './chat.ts';
import { answerers, customBuild, expectEcho, isRunning, membersOf } from './processes.ts';

const never = '600';

const environment = (env: Record<string, string>) => ({
	WORKERS: '2',
	SHUTDOWN_TIMEOUT: never,
	...env
});

const run = (env: Record<string, string>) => runApp({ args: [customBuild], env: environment(env) });

const spawn = (env: Record<string, string>) =>
	spawnApp({ args: [customBuild], env: environment({ HOST: '127.0.0.1', PORT: '0', ...env }) });

/** The two processes that answer. */
async function workersOf({ port }: Pick<RunningApp, 'port'>): Promise<number[]> {
	const pids = new Set<number>();
	const look = async () => {
		for (const pid of await answerers({ port })) pids.add(pid);
		return pids.size;
	};
	await expect.poll(look).toBe(2);
	return [...pids];
}

/** A place for sockets by which workers meet. */
function tempFolder(): Disposable & { path: string; left(): string[] } {
	const path = mkdtempSync(join(tmpdir(), 'workers-'));
	return {
		path,
		left: () => readdirSync(path).flatMap((folder) => readdirSync(join(path, folder))),
		[Symbol.dispose]: () => rmSync(path, { recursive: true })
	};
}

const linesOf = (app: Pick<RunningApp, 'output'>) => app.output().trim().split('\n');

describe.each(engines)('on %s', (engine) => {
	test('two workers serve together, say so in one line, and go by a signal to their primary', async () => {
		await using app = await run({ ENGINE: engine });
		const pids = await workersOf(app);
		expect(linesOf(app)).toEqual([
			expect.stringMatching(
				/^Listening on http:\/\/127\.0\.0\.1:\d+ with (?!.*other processes).* in 2 workers$/
			)
		]);
		const clients = await membersOf(app.port, pids);
		for (const client of clients.values()) await expectEcho(client);
		app.signal('SIGTERM');
		for (const client of clients.values())
			expect(await client.closed).toMatchObject({ code: 1001 });
		expect(await app.exited).toBe(0);
		expect(pids.some(isRunning)).toBe(false);
	});

	test('a worker that is killed is started again, and the other one serves on', async () => {
		await using app = await run({ ENGINE: engine });
		const pids = await workersOf(app);
		const [gone = 0, stays = 0] = pids;
		const clients = await membersOf(app.port, pids);
		process.kill(gone, 'SIGKILL');
		expect(await clients.get(gone)?.closed).toMatchObject({ code: 1006 });
		await expectEcho(clients.get(stays));
		await app.printed(
			/^\[svelte-adapter-ws\] Worker [12] has ended \(SIGKILL\)\. It is started again in 0\.1 s\.$/m
		);
		await expect.poll(() => answerers({ port: app.port })).not.toContain(gone);
		const now = await workersOf(app);
		expect(now).toContain(stays);
		await expectEcho(clients.get(stays));
		for (const client of clients.values()) client.ws.terminate();
		app.signal('SIGINT');
		expect(await app.exited).toBe(0);
		expect(linesOf(app)).toHaveLength(2);
	});

	test('workers whose primary is killed take leave of their clients and go', async () => {
		using temp = tempFolder();
		await using app = await run({ ENGINE: engine, TMPDIR: temp.path });
		const pids = await workersOf(app);
		const clients = await membersOf(app.port, pids);
		app.signal('SIGKILL');
		for (const client of clients.values())
			expect(await client.closed).toMatchObject({ code: 1001 });
		for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false);
		expect(temp.left()).toEqual([]);
	});

	test('a second signal ends all of them at once', async () => {
		using temp = tempFolder();
		await using app = await run({ ENGINE: engine, TMPDIR: temp.path });
		const pids = await workersOf(app);
		const waiting = connectClient(`${app.url}/slow/waits`).catch(() => undefined);
		await app.printed(/asked: waits/);
		app.signal('SIGTERM');
		const insist = () => {
			app.signal('SIGINT');
			return app.isRunning;
		};
		await expect.poll(insist).toBe(false);
		expect(await app.exited).toBe(130);
		expect(temp.left()).toEqual([]);
		for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false);
		await waiting;
	});

	test('their port is taken for others, however many those are', async () => {
		await using app = await run({ ENGINE: engine });
		for (const WORKERS of ['1', '2']) {
			await using other = spawn({ ENGINE: engine, PORT: String(app.port), WORKERS });
			expect(await other.exited).toBe(1);
			expect(linesOf(other)).toEqual([
				`[svelte-adapter-ws] Cannot listen on 127.0.0.1:${app.port} (EADDRINUSE). Stop the process that listens there, or choose another place with PORT or SOCKET_PATH.`
			]);
		}
	});

	test('the port of one that is alone is taken for several', async () => {
		await using alone = await run({ ENGINE: engine, WORKERS: '1' });
		expect(alone.output()).not.toContain('workers');
		await using app = spawn({ ENGINE: engine, PORT: String(alone.port) });
		expect(await app.exited).toBe(1);
		expect(linesOf(app)).toHaveLength(1);
	});

	test('what keeps all of them from starting is said once, and ends their primary', async () => {
		for (const name of ['BODY_SIZE_LIMIT', 'WORKERS']) {
			using temp = tempFolder();
			await using app = spawn({ ENGINE: engine, TMPDIR: temp.path, [name]: 'much' });
			expect(await app.exited).toBe(1);
			expect(temp.left()).toEqual([]);
			expect(linesOf(app)).toEqual([expect.stringContaining(name)]);
		}
	});
});

test('two workers share a unix socket on Node; elsewhere one process has it, and says so', async () => {
	using folder = tempFolder();
	const path = join(folder.path, 'app.sock');
	for (const [ENGINE, count] of [
		['node', 2],
		['uws', 1]
	] as const) {
		await using app = spawn({ ENGINE, SOCKET_PATH: path });
		await app.printed(/Listening on/);
		await expect.poll(() => answerers({ socketPath: path })).toHaveLength(count);
		expect(app.output().includes('WORKERS has no effect on a unix socket')).toBe(count === 1);
		app.signal('SIGTERM');
		expect(await app.exited).toBe(0);
	}
});

test('a script that imports the build learns where its workers listen, and may end them', async () => {
	const script = `
		import cluster from 'node:cluster';
		const { server, port } = await import(${JSON.stringify(customBuild)});
		if (cluster.isPrimary) {
			const answer = await fetch('http://127.0.0.1:' + port + '/pid');
			console.log('answered', answer.status);
			await server.close();
		}`;
	using folder = tempFolder();
	const file = join(folder.path, 'script.mjs');
	writeFileSync(file, script);
	await using app = spawnApp({ args: [file], env: environment({ HOST: '127.0.0.1', PORT: '0' }) });
	expect(await app.exited).toBe(0);
	expect(app.output()).toContain('answered 200');
});
