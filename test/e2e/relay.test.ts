import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { appFolder } from '../conformance/websocket/subject.ts';
import { openClient, refusal, type Client } from '../support/client.ts';
import { oneTimePath } from '../support/one-time.ts';
import { runRedis, type RunningRedis } from '../support/redis.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { engines } from './chat.ts';

const headers = { 'x-forwarded-proto': 'http' };

const run = (engine: string, env: Record<string, string>) =>
	runApp({
		args: [join(appFolder, 'build', 'default')],
		env: { ENGINE: engine, PROTOCOL_HEADER: 'x-forwarded-proto', ...env }
	});

const instance = (engine: string, { url }: RunningRedis) => run(engine, { BUS_URL: url });

const open = ({ port }: RunningApp, path: string) => openClient(port, { path, headers });

async function journal({ url }: RunningApp, tag: string): Promise<string[]> {
	const response = await fetch(`${url}/journal?of=${tag}`, { headers });
	return (await response.json()) as string[];
}

/** A socket whose URL one has made and that has come to the other, which is an echo. */
async function relayed(home: RunningApp, outpost: RunningApp, tag: string): Promise<Client> {
	const path = await oneTimePath(home.url, { name: tag, handler: '/echo' });
	const client = await open(outpost, `${path}?tag=${tag}`);
	client.send('hi');
	expect(await client.message()).toBe('hi');
	return client;
}

/** How the session of such a socket has ended in its home. */
const ending = async (home: RunningApp, tag: string) => (await journal(home, tag)).at(-1);

const lost = { code: 1012, reason: 'The process of this socket is gone' };
const goodbye = { code: 1001, reason: 'Server is shutting down' };

describe.each(engines)('one-time URLs of two instances on %s', (engine) => {
	test('let in one of many who come to both at once', async () => {
		await using redis = await runRedis();
		await using first = await instance(engine, redis);
		await using second = await instance(engine, redis);
		for (let round = 0; round < 10; round += 1) {
			const path = await oneTimePath(first.url, { name: 'raced', handler: '/echo' });
			const results = await Promise.allSettled(
				[first, second, first, second].map((app) => open(app, path))
			);
			const clients = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
			expect(clients).toHaveLength(1);
			for (const client of clients) await client.close();
		}
	});

	test('lead to sockets that end as their server does, whichever of the two that is', async () => {
		await using redis = await runRedis();
		await using first = await instance(engine, redis);
		await using second = await instance(engine, redis);
		const home = await relayed(first, second, 'home');
		const outpost = await relayed(second, first, 'outpost');
		first.signal('SIGTERM');
		expect(await home.closed).toEqual(goodbye);
		expect(await outpost.closed).toEqual(goodbye);
		await expect.poll(() => ending(second, 'outpost')).toBe('close 1001 Server is shutting down');
		expect(await first.exited).toBe(0);
	});
});

describe('one-time URLs of two instances', () => {
	test('lead to sockets that end at both ends when one of the two is killed', async () => {
		await using redis = await runRedis();
		await using first = await instance('uws', redis);
		await using second = await instance('node', redis);
		const home = await relayed(first, second, 'home');
		const outpost = await relayed(second, first, 'outpost');
		const unused = await oneTimePath(first.url, { name: 'unused' });
		first.signal('SIGKILL');
		expect((await outpost.closed).code).toBe(1006);
		expect(await home.closed).toEqual(lost);
		await expect.poll(() => ending(second, 'outpost')).toBe('close 1006 ');
		expect(await refusal(second.url + unused, headers)).toMatchObject({ status: 404 });
		await second.printed(/cannot be asked \(GET \/_\/connect\/…: it does not answer\)/);
	});

	test('lead to sockets that go on over a broker that was away, unless something was lost', async () => {
		await using redis = await runRedis();
		await using first = await instance('node', redis);
		await using second = await instance('bun', redis);
		const quiet = await relayed(first, second, 'quiet');
		const busy = await relayed(first, second, 'busy');
		const unused = await oneTimePath(first.url, { name: 'unused' });
		await redis.broker.kill();
		for (const app of [first, second]) await app.printed(/cannot be reached/);
		busy.send('lost');
		expect(await refusal(second.url + unused, headers)).toMatchObject({ status: 404 });
		await redis.broker.start();
		for (const app of [first, second]) await app.printed(/can be reached again/);
		expect(await busy.closed).toEqual(lost);
		await expect.poll(() => ending(first, 'busy')).toBe('close 1006 ');
		quiet.send('still here');
		expect(await quiet.message()).toBe('still here');
		await using late = await open(second, unused);
		expect(await late.message()).toContain('hello unused');
	});
});

describe.each(engines)('one-time URLs of two workers on %s', (engine) => {
	/** Who makes one, and whom it comes to, the system decides anew each time. */
	async function many(
		app: RunningApp,
		length = 16
	): Promise<{ paths: string[]; clients: Client[] }> {
		const paths = await Promise.all(
			Array.from({ length }, (_, index) =>
				oneTimePath(app.url, { name: `many${index}`, handler: '/echo' }, { connection: 'close' })
			)
		);
		return { paths, clients: await Promise.all(paths.map((path) => open(app, path))) };
	}

	// An old build of uWS may cut a socket amid its upgrade, see `UwsExchange.accept`: one of some hundreds.
	test('lead to a socket from either of them', { retry: engine === 'uws' ? 2 : 0 }, async () => {
		await using app = await run(engine, { WORKERS: '2' });
		const { paths, clients } = await many(app);
		expect(new Set(paths.map((path) => path.slice(0, '/_/connect/'.length + 12))).size).toBe(2);
		for (const [index, client] of clients.entries()) client.send(`from ${index}`);
		for (const [index, client] of clients.entries()) {
			expect(await client.message()).toBe(`from ${index}`);
			await client.close();
		}
		for (const path of paths) expect((await refusal(app.url + path, headers)).status).toBe(404);
	});

	test('lead to sockets that end at once when one of them is killed, and live on in the other', async () => {
		await using app = await run(engine, { WORKERS: '2' });
		// One in four has its session in the one and its connection in the other: of so many, some surely.
		const { clients } = await many(app, 64);
		const codes = new Map<Client, number>();
		for (const client of clients) void client.closed.then(({ code }) => codes.set(client, code));
		const [worker = 0] = childrenOf(app.pid);
		process.kill(worker, 'SIGKILL');
		await app.printed(/has ended \(SIGKILL\)/);
		// Those whose connection it had, and those whose session it had.
		await expect.poll(() => new Set(codes.values())).toEqual(new Set([1006, 1012]));
		for (const client of clients) client.send('hi');
		await expect
			.poll(() => clients.every((client) => codes.has(client) || client.received.includes('hi')))
			.toBe(true);
		for (const client of clients) client.ws.terminate();
	});
});

function childrenOf(pid: number): number[] {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
	return children.trim().split(' ').map(Number);
}
