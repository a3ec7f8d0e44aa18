import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { processOf } from '../../../src/server/registry/ids.ts';
import { Instance, type EngineName, type Listener } from './instance.ts';
import { expectComplete } from './remembered.ts';

const engines: EngineName[] = ['uws', 'node', 'bun'];

describe.each(engines)('two workers on %s', (engine) => {
	/** Peers in both workers, however the connections are spread. */
	async function both(app: Instance, topic: string): Promise<[Listener, Listener]> {
		const found = new Map<string | undefined, Listener>();
		while (found.size < 2) {
			const listener = await app.open(topic);
			const process = processOf(String(await listener.did('id')));
			if (found.has(process)) await listener[Symbol.asyncDispose]();
			else found.set(process, listener);
		}
		return [...found.values()] as [Listener, Listener];
	}

	/** When the workers know of each other that somebody is on the topic. */
	async function meet(topic: string, listeners: Listener[]): Promise<void> {
		for (const listener of listeners) {
			const others = listeners.filter((each) => each !== listener);
			const mark = `mark ${crypto.randomUUID()}`;
			await expect
				.poll(() => {
					listener.asks('publish', topic, mark);
					return others.every((each) => each.marks.has(mark));
				})
				.toBe(true);
		}
	}

	/** Requests on one connection, so that all are answered by the same worker. */
	function asking(port: number) {
		const agent = new Agent({ keepAlive: true, maxSockets: 1 });
		const ask = async (path: string, query: Record<string, string>, method = 'GET') => {
			const target = `${path}?${new URLSearchParams(query)}`;
			const headers = { 'x-forwarded-proto': 'http', 'content-type': 'application/json' };
			const options = { host: '127.0.0.1', port, agent, path: target, method, headers };
			const [response] = (await once(request(options).end(), 'response')) as [IncomingMessage];
			return await text(response);
		};
		return { ask, [Symbol.dispose]: () => agent.destroy() };
	}

	test('are one, whichever of them is asked', async () => {
		await using app = await Instance.start(engine, { WORKERS: '2' });
		const topic = 'room';
		const listeners = await both(app, topic);
		await meet(topic, listeners);
		using one = asking(app.running.port);
		await one.ask('/publish', { topic, text: 'all' });
		for (const listener of listeners) {
			await one.ask('/send', { id: String(await listener.did('id')), text: 'you' });
			await expect.poll(() => listener.heard).toEqual(['all', 'you']);
		}
		// Those who were not needed may take a moment to be gone.
		await expect
			.poll(async () => JSON.parse(await one.ask('/registry', { topic })) as unknown)
			.toMatchObject({ size: 1, count: 2, countOnTopic: 2 });
		for (const listener of listeners) {
			await one.ask('/registry', { id: String(await listener.did('id')) }, 'DELETE');
			expect(await listener.client.closed).toEqual({ code: 4012, reason: 'you' });
		}
		const more = await both(app, topic);
		await meet(topic, more);
		await one.ask('/registry', { topic }, 'DELETE');
		for (const { client } of more) {
			expect(await client.closed).toEqual({ code: 4013, reason: 'the room' });
		}
	});

	test('remember together what is published, whichever a client comes back to', async () => {
		await using app = await Instance.start(engine, { WORKERS: '2' });
		await expectComplete((path) => app.connect(path));
	});
});
