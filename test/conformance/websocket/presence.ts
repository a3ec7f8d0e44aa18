import { describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

const mark = '\u0016';

/** Who is present on a topic, to clients of this package, to others, and to the app. */
export function presenceSuite(subject: Subject): void {
	describe(`${subject.name}: presence`, () => {
		const app = new App(subject);
		let names = 0;

		/** A client that speaks the protocol of this package, once `open` is done. */
		async function converse(): Promise<Client> {
			names += 1;
			const query = `x-websocket-heartbeat=1&x-websocket-protocol=1.${`client00${names}`.slice(-8)}`;
			const client = await app.open(`/dialogue?${query}`);
			while ((await client.message()) !== `${mark}o`);
			return client;
		}

		/** Any other client. */
		async function plain(): Promise<Client> {
			const client = await app.open('/dialogue');
			await client.message();
			return client;
		}

		const deed = (name: string, what?: unknown) => JSON.stringify({ do: name, with: what });
		const come = (client: Client, topic: string, presence?: { id: string; info?: unknown }) =>
			client.send(deed('come', { topic, ...(presence && { presence }) }));

		/** What the next frame says of who is there. */
		async function change(client: Client): Promise<unknown> {
			const text = String(await client.message());
			expect(text).toMatch(new RegExp(`^${mark}w\\d+,\\{`));
			return JSON.parse(text.slice(text.indexOf(',') + 1));
		}

		/** The topic, and then who is there. */
		async function arrival(client: Client): Promise<unknown> {
			expect(await client.message()).toMatch(new RegExp(`^${mark}t\\{"number":\\d+\\}$`));
			return change(client);
		}

		/** Who is there, as the app says it. */
		async function people(topic: string): Promise<unknown> {
			await using asking = await plain();
			asking.send(deed('people', topic));
			return await asking.json();
		}

		test('is told to clients of this package, and to nobody else', async () => {
			const topic = `present:${app.tag()}`;
			await using ana = await converse();
			await using bob = await plain();
			await using watcher = await converse();
			come(watcher, topic);
			expect(await arrival(watcher)).toEqual({ all: [] });
			come(ana, topic, { id: 'ana', info: { name: 'Ana' } });
			expect(await arrival(ana)).toEqual({ all: [{ id: 'ana', info: { name: 'Ana' } }] });
			expect(await change(ana)).toEqual({ joined: [{ id: 'ana', info: { name: 'Ana' } }] });
			expect(await change(watcher)).toEqual({ joined: [{ id: 'ana', info: { name: 'Ana' } }] });
			come(bob, topic, { id: 'bob' });
			expect(await change(watcher)).toEqual({ joined: [{ id: 'bob' }] });
			expect(await people(topic)).toEqual([{ id: 'ana', info: { name: 'Ana' } }, { id: 'bob' }]);
			come(bob, topic, { id: 'bob', info: 'typing' });
			expect(await change(watcher)).toEqual({ joined: [{ id: 'bob', info: 'typing' }] });
			bob.send(deed('go', topic));
			expect(await change(watcher)).toEqual({ left: ['bob'] });
			bob.send(deed('publishAll', [topic, 'text']));
			expect(await watcher.message()).toBe('text');
			come(bob, topic);
			bob.send(deed('publishAll', [topic, `${mark}w1,{}`]));
			expect(await watcher.message()).toBe(`${mark}${mark}w1,{}`);
			expect(await bob.message()).toBe(`${mark}w1,{}`);
			expect(bob.waiting).toBe(0);
		});

		test('is that of somebody with several sockets, until five seconds after the last', async () => {
			const topic = `present:${app.tag()}`;
			await using watcher = await converse();
			come(watcher, topic);
			await arrival(watcher);
			const first = await plain();
			const second = await plain();
			come(first, topic, { id: 'ana', info: 1 });
			expect(await change(watcher)).toEqual({ joined: [{ id: 'ana', info: 1 }] });
			come(second, topic, { id: 'ana', info: 2 });
			expect(await change(watcher)).toEqual({ joined: [{ id: 'ana', info: 2 }] });
			await Promise.all([first.close(), second.close()]);
			const third = await plain();
			come(third, topic, { id: 'ana', info: 2 });
			await expect.poll(() => people(topic)).toEqual([{ id: 'ana', info: 2 }]);
			const end = performance.now();
			third.ws.terminate();
			expect(await change(watcher)).toEqual({ left: ['ana'] });
			expect(performance.now() - end).toBeGreaterThan(4500);
			expect(await people(topic)).toEqual([]);
		});

		test('is refused where the topic does not keep it, and for what cannot be JSON', async () => {
			await using ana = await plain();
			come(ana, 'forgetful', { id: 'ana' });
			expect(await ana.json()).toEqual({ error: expect.stringContaining('presence: true') });
			come(ana, 'present:x', { id: 'x'.repeat(257) });
			expect(await ana.json()).toEqual({ error: expect.stringContaining('257 characters') });
			ana.send(deed('people', 'forgetful'));
			expect(await ana.json()).toEqual({ error: expect.stringContaining('presence: true') });
		});
	});
}
