import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectClient, type Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { runNats } from '../support/nats.ts';
import { allSlots, runRedis } from '../support/redis.ts';
import { runApp, spawnApp, type RunningApp } from '../support/server.ts';
import { tempFolder } from '../unit/support/folder.ts';
import { engines } from './chat.ts';
import { customBuild } from './processes.ts';

const brokers = [
	{ kind: 'redis', start: () => runRedis() },
	{ kind: 'nats', start: () => runNats() }
];

const cases = engines.flatMap((engine) => brokers.map((broker) => ({ engine, ...broker })));

const run = (engine: string, url: string) =>
	runApp({ args: [customBuild], env: { ENGINE: engine, BUS_URL: url } });

const listen = ({ url }: RunningApp) => connectClient(`${url}/echo`);

const publish = ({ url }: RunningApp, text: string) =>
	fetch(`${url}/news?text=${text}`, { method: 'POST', headers: { origin: url } });

/** Publishes until it is heard: a broker needs a moment to know of who listens. */
async function reaches(from: RunningApp, client: Client, name: string): Promise<void> {
	let count = 0;
	await expect
		.poll(async () => {
			await publish(from, `${name}${(count += 1)}`);
			return client.received.some((text) => text.startsWith(name));
		})
		.toBe(true);
}

const linesOf = (app: RunningApp) => app.output().trim().split('\n');

test.each(cases)(
	'instances on $engine reach one another by $kind, also after it was away, and go on alone meanwhile',
	async ({ engine, kind, start }) => {
		await using server = await start();
		await using first = await run(engine, server.url);
		await using second = await run(engine, server.url);
		const [here, there] = [await listen(first), await listen(second)];
		await reaches(first, there, 'early-');
		await reaches(second, here, 'back-');
		// Its own process is told by nobody else.
		expect(new Set(here.received).size).toBe(here.received.length);

		await server.broker.kill();
		for (const app of [first, second]) await app.printed(/cannot be reached/);
		await reaches(first, here, 'alone-');
		await server.broker.start();
		for (const app of [first, second]) await app.printed(/can be reached again/);
		await reaches(first, there, 'again-');
		expect(there.received.some((text) => text.startsWith('alone-'))).toBe(false);

		for (const app of [first, second]) {
			app.signal('SIGTERM');
			expect(await app.exited).toBe(0);
			const [said, ...rest] = linesOf(app).filter((line) => !line.startsWith('closed: '));
			expect(said).toMatch(new RegExp(`^Listening on .+ and ${kind} at 127\\.0\\.0\\.1:\\d+$`));
			expect(rest).toEqual([
				expect.stringMatching(/^\[svelte-adapter-ws\] Other processes cannot be reached/),
				expect.stringMatching(/^Other processes can be reached again/)
			]);
			expect(app.output()).not.toContain('secret');
		}
	}
);

describe.each([
	...brokers.map((broker) => ({ name: broker.kind, ...broker })),
	{ name: 'redis (cluster)', kind: 'redis', start: () => runRedis({ slots: allSlots }) }
])('$name', ({ kind, start }) => {
	test('a server starts without its broker, and finds it when it is there', async () => {
		await using server = await start();
		await server.broker.kill();
		await using first = await run('node', server.url);
		await first.printed(/cannot be reached/);
		await server.broker.start();
		await first.printed(/can be reached again/);
		await using second = await run('node', server.url);
		await reaches(second, await listen(first), 'found-');
		expect(linesOf(first)).toHaveLength(3);
	});

	test('a broker that hangs keeps nobody from starting and from stopping', async () => {
		await using server = await start();
		await using first = await run('node', server.url);
		server.broker.hang();
		await using second = await run('node', server.url);
		expect(second.output()).toContain('cannot be reached');
		for (const app of [first, second]) {
			app.signal('SIGTERM');
			expect(await app.exited).toBe(0);
		}
	});

	test('two apps with a BUS_PREFIX of their own do not hear each other', async () => {
		await using server = await start();
		const prefixed = (prefix: string) =>
			runApp({ args: [customBuild], env: { BUS_URL: server.url, BUS_PREFIX: prefix } });
		await using shop = await prefixed('shop');
		await using other = await prefixed('shop 2');
		await using sibling = await prefixed('shop 2');
		const [inShop, inOther] = [await listen(shop), await listen(other)];
		await reaches(sibling, inOther, 'among-');
		expect(inShop.received).toEqual([]);
	});

	test('a server whose broker has no package says what to install, and ends', async () => {
		using folder = tempFolder();
		const build = join(folder.path, 'build');
		cpSync(dirname(customBuild), build, { recursive: true });
		await using app = spawnApp({
			args: [build],
			env: { BUS_URL: `${kind}://:secret@127.0.0.1:${await freePort()}`, PORT: '0' }
		});
		expect(await app.exited).toBe(1);
		expect(app.output()).toMatch(
			/^\[svelte-adapter-ws\] The package \S+, which BUS_URL asks for, cannot be loaded \(.+\)\. Install it beside the build with npm install \S+@latest, or unset BUS_URL\.\n$/
		);
		expect(app.output()).not.toContain('secret');
	});
});

test("a server of one's own is reached, and its process ends by itself when its sockets are closed", async () => {
	await using redis = await runRedis();
	const handler = JSON.stringify(join(dirname(customBuild), 'handler.js'));
	const script = `
		import { createServer } from 'node:http';
		import { attach, handler } from ${handler};
		const server = createServer(handler).listen(0, '127.0.0.1', () => {
			console.log('Listening on http://127.0.0.1:' + server.address().port);
		});
		const sockets = attach(server);
		process.once('SIGTERM', () => {
			server.close();
			sockets.close();
		});`;
	await using own = await runApp({
		args: ['--input-type=module', '--eval', script],
		env: { BUS_URL: redis.url }
	});
	await using other = await run('node', redis.url);
	await reaches(other, await listen(own), 'here-');
	await reaches(own, await listen(other), 'there-');
	own.signal('SIGTERM');
	expect(await own.exited).toBe(0);
});

test('a start that fails because the port is taken leaves the broker, so that the script that has begun it may end', async () => {
	await using redis = await runRedis();
	await using first = await run('node', redis.url);
	await using script = spawnApp({
		args: [
			'--input-type=module',
			'--eval',
			`await import(${JSON.stringify(customBuild)}).catch(({ code }) => console.log(code));`
		],
		env: { ENGINE: 'node', BUS_URL: redis.url, HOST: '127.0.0.1', PORT: String(first.port) }
	});
	await script.printed(/listen_failed/);
	expect(await script.exited).toBe(0);
});

test('a BUS_URL that is no address of a broker stops the start, without its password', async () => {
	await using app = spawnApp({
		args: [customBuild],
		env: { BUS_URL: 'amqp://me:secret@127.0.0.1', PORT: '0' }
	});
	expect(await app.exited).toBe(1);
	expect(app.output()).toMatch(/^\[svelte-adapter-ws\] .*BUS_URL is no address of a broker/);
	expect(app.output()).not.toContain('secret');
});
