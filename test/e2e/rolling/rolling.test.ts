import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Connection } from '../../../src/client/core/connection.ts';
import type { Page } from '../../../src/client/core/page.ts';
import { Load } from '../../support/load.ts';
import { runNginx } from '../../support/nginx.ts';
import { runApp, type RunningApp } from '../../support/server.ts';
import { engines, freePort } from '../chat.ts';

const build = fileURLToPath(new URL('../fixtures/client/build', import.meta.url));
const docs = readFileSync(new URL('../../../docs/deploying.md', import.meta.url), 'utf8');

/** The block that the docs give for several processes, in front of these ports. */
function blockFor(ports: number[]): string {
	const [, block = ''] = /```nginx\n(upstream .+?)```/s.exec(docs) ?? [];
	expect(block).toContain('server 127.0.0.1:3001');
	return ports.reduce(
		(text, port, index) => text.replace(`127.0.0.1:300${index + 1}`, `127.0.0.1:${port}`),
		block
	);
}

/** One process of the app that is replaced again and again by the same on the same port. */
class Instance implements AsyncDisposable {
	readonly #engine: string;
	readonly port: number;
	#app: RunningApp | undefined;
	/** What those that have ended have printed. */
	#printed = '';

	constructor(engine: string, port: number) {
		this.#engine = engine;
		this.port = port;
	}

	async start(): Promise<void> {
		const env = { ENGINE: this.#engine, PORT: String(this.port) };
		this.#app = await runApp({
			args: [build],
			env: { ...env, PROTOCOL_HEADER: 'x-forwarded-proto' }
		});
	}

	async restart(): Promise<void> {
		this.#app?.signal('SIGTERM');
		expect(await this.#app?.exited).toBe(0);
		this.#printed += this.#app?.output();
		await this.start();
	}

	get output(): string {
		return this.#printed + (this.#app?.output() ?? '');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#app?.[Symbol.asyncDispose]();
	}
}

/** A page of the app in which nothing happens. */
function pageAt(url: string): Page {
	return {
		url,
		base: '',
		WebSocket,
		run: (listeners) => listeners(),
		fetch: (...request) => fetch(...request),
		listen: () => () => {}
	};
}

/** Somebody who says one number after the other. */
class Talker {
	readonly #name: string;
	readonly connection: Connection;
	readonly sent: string[] = [];
	/** What has perhaps not arrived, as the client says. */
	readonly doubtful: unknown[] = [];
	readonly states: string[] = [];
	#timer: NodeJS.Timeout | undefined;

	constructor(name: string, url: string) {
		this.#name = name;
		this.connection = new Connection(pageAt(url), '/echo');
		this.connection.on('state', () => this.states.push(this.connection.state.status));
		this.connection.on('close', ({ unconfirmed }) => this.doubtful.push(...unconfirmed));
		this.connection.open();
	}

	begin(): void {
		this.#timer = setInterval(() => {
			const message = `${this.#name}-${this.sent.length}.`;
			if (this.connection.send(message)) this.sent.push(message);
		}, 100);
	}

	end(): void {
		clearInterval(this.#timer);
	}

	close(): void {
		this.end();
		this.connection.close();
	}
}

/** How often each message has arrived. */
function arrivals(instances: Instance[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { output } of instances) {
		for (const [, message = ''] of output.matchAll(/^received (\S+)$/gm)) {
			counts.set(message, (counts.get(message) ?? 0) + 1);
		}
	}
	return counts;
}

describe.each(engines)(
	'on %s two processes behind nginx are replaced one after the other',
	(engine) => {
		test('and no request fails, and no message is lost or comes twice', async () => {
			await using first = new Instance(engine, Number(await freePort()));
			await using second = new Instance(engine, Number(await freePort()));
			const instances = [first, second];
			await Promise.all(instances.map((each) => each.start()));
			await using nginx = await runNginx(blockFor(instances.map(({ port }) => port)));
			const talkers = Array.from({ length: 100 }, (_, index) => new Talker(`t${index}`, nginx.url));
			onTestFinished(() => talkers.forEach((each) => each.close()));
			const statuses = () => new Set(talkers.map(({ connection }) => connection.state.status));
			await expect.poll(statuses).toEqual(new Set(['open']));
			for (const talker of talkers) talker.begin();
			const load = new Load({ port: Number(nginx.port), clients: 8 });
			await load.reached(50);
			for (const each of [...instances, ...instances]) await each.restart();
			await load.reached(load.answered + 50);
			await load.end();
			for (const talker of talkers) talker.end();
			expect(load.failures).toEqual([]);

			const missing = () => {
				const arrived = arrivals(instances);
				return talkers.flatMap(({ sent, doubtful }) =>
					sent.filter((each) => !arrived.has(each) && !doubtful.includes(each))
				);
			};
			await expect.poll(missing).toEqual([]);
			expect([...arrivals(instances)].filter(([, count]) => count > 1)).toEqual([]);
			// Each one had another connection before it left its own.
			expect(statuses()).toEqual(new Set(['open']));
			const states = talkers.map(({ states: all }) =>
				all.filter((each) => each === 'reconnecting')
			);
			expect(states.flat()).toEqual([]);
			expect(talkers.flatMap(({ doubtful }) => doubtful)).toEqual([]);
			expect(Math.min(...talkers.map(({ sent }) => sent.length))).toBeGreaterThan(10);
		});
	}
);
