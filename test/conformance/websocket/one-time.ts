import { describe, expect, test } from 'vitest';
import { oneTimePath } from '../../support/one-time.ts';
import { values } from '../../support/raw.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** `websockets.use`: a URL that opens one socket. */
export function oneTimeSuite(subject: Subject): void {
	describe(`${subject.name}: a one-time URL`, () => {
		const app = new App(subject);

		const connect = (
			name: string,
			{ user = 'nobody', ...fields }: { user?: string; ttl?: string; handler?: string } = {}
		) => oneTimePath(app.running.url, { name, ...fields }, { cookie: `user=${user}` });

		test('of a form action opens a socket for the one who posted it', async () => {
			const paths = await Promise.all(
				['Ada', 'Grace'].map((name) => connect(name, { user: `cookie of ${name}` }))
			);
			const [ada = '', grace = ''] = paths;
			expect(ada).toMatch(/^\/_\/connect\/[\w-]{55}$/);
			expect(ada).not.toBe(grace);
			await using first = await app.open(grace);
			await using second = await app.open(ada);
			expect(await first.message()).toBe('hello Grace, cookie of Grace');
			expect(await second.message()).toBe('hello Ada, cookie of Ada');
			first.send('hi');
			expect(await first.message()).toBe('Grace said hi');
			expect((await app.upgrade(ada)).status).toBe(404);
			await first.close();
			await app.noted('Grace', ['handle /one-time', 'closed Grace']);
		});

		test('leads to a socket that speaks the protocol of our client with who asks for it', async () => {
			const path = await connect('framed');
			const query = 'x-websocket-heartbeat=1&x-websocket-protocol=1.abcdefgh.r';
			await using client = await app.open(`${path}?${query}`);
			expect(await client.message()).toBe('\u0016v1,30000');
			client.send('\u0016r[]');
			expect(await client.message()).toContain('hello framed');
			expect(await client.message()).toBe('\u0016o');
			client.send('\u0016\u0016odd');
			expect(await client.message()).toBe('framed said \u0016odd');
			client.send('\u0016q1,asked');
			expect(await client.message()).toBe('framed said asked');
			expect(String(await client.message()).slice(0, 3)).toBe('\u0016a1');
		});

		test('is not spent by a probe', async () => {
			const path = await connect('probed');
			const headers = { 'x-websocket-probe': '1' };
			expect((await fetch(app.running.url + path, { headers })).status).toBe(204);
			await using client = await app.open(path);
			expect(await client.message()).toContain('hello probed');
			expect((await fetch(app.running.url + path, { headers })).status).toBe(404);
		});

		test('may refuse its client with false', async () => {
			const path = await connect('unwanted');
			const headers = { 'x-websocket-probe': '1' };
			expect((await fetch(app.running.url + path, { headers })).status).toBe(401);
			expect((await app.upgrade(path)).status).toBe(401);
		});

		test('expires', async () => {
			const path = await connect('late', { ttl: '1' });
			await expect.poll(async () => (await app.upgrade(path)).status).toBe(404);
		});

		test('that was guessed is no socket', async () => {
			expect((await app.upgrade('/_/connect/guess')).status).toBe(404);
			expect((await app.upgrade('/_/connect/')).status).toBe(404);
		});

		test('knows who has come with it, as every other socket does', async () => {
			const path = await connect('who', { user: 'maker', handler: '/who' });
			await using client = await app.open(`${path}?a=1`, { cookie: 'user=comer' });
			expect(await client.json()).toMatchObject({
				data: { cookie: 'comer', client: '127.0.0.1' },
				user: 'comer',
				params: {},
				path: '/_/connect/key',
				address: '127.0.0.1',
				protocol: ''
			});
		});

		test('leads to a socket about which the app is asked again, if its handler wants that', async () => {
			const user = `again${app.tag()}${subject.name.replaceAll(/\W/g, '')}`;
			const path = await connect('again', { handler: '/again' });
			await using client = await app.open(`${path}?name=${user}`, { cookie: `user=${user}` });
			const lines = () => app.journal(user);
			await expect.poll(lines).toHaveLength(3);
			expect(new Set(await lines()).size).toBe(1);
			client.send('error');
			expect(await client.closed).toMatchObject({ code: 4401 });
		});

		test('speaks the subprotocol and says the headers that its handler wants', async () => {
			const spoken = await connect('spoken', { handler: '/subprotocols' });
			await using client = await app.open(spoken, {}, ['chat.v1', 'chat.v2']);
			expect(client.ws.protocol).toBe('chat.v2');
			expect(await client.json()).toMatchObject({ protocol: 'chat.v2' });
			const set = await connect('set', { handler: '/cookies' });
			const response = await app.upgrade(set);
			expect(response.status).toBe(101);
			expect(values(response, 'x-upgrade')).toEqual(['by upgrade']);
			expect(values(response, 'set-cookie')).toEqual([expect.stringContaining('session=from')]);
		});

		test('is for pages of the same origin', async () => {
			const path = await connect('foreign');
			const origin = 'https://elsewhere.example';
			expect((await app.upgrade(path, { origin })).status).toBe(403);
			await using client = await app.open(path, { origin: app.running.url });
			expect(await client.message()).toContain('hello foreign');
		});

		test('is spent by one of two who come at once', async () => {
			for (let round = 0; round < 5; round += 1) {
				const path = await connect('raced');
				const statuses = await Promise.all(
					Array.from({ length: 4 }, async () => (await app.upgrade(path)).status)
				);
				expect(statuses.toSorted()).toEqual([101, 404, 404, 404]);
			}
		});

		test('leads to a socket that carries text and bytes of any length both ways', async () => {
			const path = await connect('echo', { handler: '/echo' });
			await using client = await app.open(path);
			const messages = [
				'gr\u00fc\u00dfe \u{1f44b}',
				'',
				Buffer.alloc(0),
				Buffer.from([0, 255, 10]),
				Buffer.alloc(256 * 1024, 7),
				'\u65e5'.repeat(80_000)
			];
			for (const message of messages) client.send(message);
			for (const message of messages) expect(await client.message()).toEqual(message);
			for (let index = 0; index < 500; index += 1) client.send(String(index));
			for (let index = 0; index < 500; index += 1) {
				expect(await client.message()).toBe(String(index));
			}
		});

		test('leads to a socket that is on topics beside others, and is known by its id', async () => {
			const topic = app.tag();
			await using one = await app.open(await connect('one', { handler: '/commands' }));
			await using two = await app.open(await connect('two', { handler: '/commands' }));
			await using other = await app.open('/commands');
			const all = [one, two, other];
			for (const client of all) {
				client.send(JSON.stringify(['subscribe', topic]));
				expect(await client.json()).toEqual({ did: 'subscribe', result: [topic] });
			}
			one.send(JSON.stringify(['subscribers', topic]));
			expect(await one.json()).toEqual({ did: 'subscribers', result: 3 });
			one.send(JSON.stringify(['publish', topic, 'from one']));
			other.send(JSON.stringify(['publishAll', topic, 'from all']));
			const heard = async (client: typeof one, count: number) => {
				const texts: unknown[] = [];
				while (texts.length < count) texts.push(await client.message());
				return texts.toSorted();
			};
			expect(await heard(two, 2)).toEqual(['from all', 'from one']);
			expect(await heard(other, 2)).toEqual(['from all', 'from one']);
			expect(await heard(one, 1)).toEqual(['from all']);
			one.send('["id"]');
			const { result: id } = (await one.json()) as { result: string };
			await app.text(`/send?${new URLSearchParams({ id, text: 'by id' })}`);
			expect(await one.json()).toEqual({ text: 'by id' });
			one.send(JSON.stringify(['interleave', `${topic} too`, 50]));
			for (let index = 0; index < 50; index += 1) expect(await one.message()).toBe(String(index));
		});

		test('leads to a socket that either end closes with its code and reason', async () => {
			const byClient = await connect('by client', { handler: '/commands' });
			const tag = app.tag();
			const first = await app.open(`${byClient}?tag=${tag}`);
			first.ws.close(4001, 'gr\u00fc\u00df');
			await first.closed;
			await app.noted(tag, ['handle /_/connect/key', 'open', 'close 4001 gr\u00fc\u00df']);
			const byServer = await connect('by server', { handler: '/commands' });
			const second = await app.open(byServer);
			second.send(JSON.stringify(['close', 4002, 'gr\u00fc\u00df']));
			expect(await second.closed).toEqual({ code: 4002, reason: 'gr\u00fc\u00df' });
			const cut = await connect('cut', { handler: '/commands' });
			const third = await app.open(cut);
			third.send('["terminate"]');
			expect((await third.closed).code).toBe(1006);
		});

		test('leads to a socket that is closed for a message that is too large', async () => {
			const path = await connect('large', { handler: '/causes' });
			const tag = app.tag();
			const client = await app.open(`${path}?tag=${tag}`);
			client.send('x'.repeat(512 * 1024 + 1));
			expect((await client.closed).code).toBe(subject.endings.tooBig);
			const told = expect.stringMatching(/^close 100[69], too_big$/) as unknown;
			await app.noted(tag, ['handle /_/connect/key', told]);
		});

		test('leads to a socket that loses messages while its client is slow, and none that was let through', async () => {
			const path = await connect('slow', { handler: '/commands' });
			await using client = await app.open(path);
			client.send('["id"]');
			const { result: id } = (await client.json()) as { result: string };
			client.ws.pause();
			client.send(JSON.stringify(['flood', 65_536]));
			await expect
				.poll(() => app.json<{ flood: unknown[] }>(`/floods?id=${id}`))
				.toMatchObject({ flood: expect.arrayContaining(['dropped']) });
			client.ws.resume();
			await expect
				.poll(() => app.json<{ drains: number }>(`/floods?id=${id}`))
				.toMatchObject({ drains: 1 });
			client.send('["id"]');
			await expect.poll(() => client.received.at(-1)).toContain(id);
		});
	});
}
