import { describe, expect, test } from 'vitest';
import { App } from './app.ts';
import { oneTimeSuite } from './one-time.ts';
import type { Subject } from './subject.ts';

/** `websockets`: who is connected, reached from everywhere in the app. */
export function registrySuite(subject: Subject): void {
	/** Server-sent events, fed by `websockets.subscribe`. */
	async function feed(app: App, topic: string, { pause = 0, user = 'nobody' } = {}) {
		const leave = new AbortController();
		const response = await fetch(`${app.running.url}/feed?topic=${topic}&pause=${pause}`, {
			headers: { cookie: `user=${user}` },
			signal: leave.signal
		});
		const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
		let text = '';
		const until = async (isThere: (text: string) => boolean) => {
			while (!isThere(text)) {
				const chunk = await reader?.read();
				if (chunk === undefined || chunk.done) break;
				text += chunk.value;
			}
			return text;
		};
		await until((given) => given.includes(': listening'));
		return { until, leave: () => leave.abort() };
	}

	describe(`${subject.name}: the registry`, () => {
		const app = new App(subject);

		test('is one object: imported, on the platform, in locals and behind its symbol', async () => {
			expect(await app.registry()).toMatchObject({ isOne: true, isGlobal: true });
		});

		test('knows who is connected', async () => {
			await using ada = await app.open('/commands');
			await using grace = await app.open('/commands');
			const ids: unknown[] = [];
			for (const client of [ada, grace]) {
				client.send('["id"]');
				ids.push(((await client.json()) as { result: string }).result);
			}
			const { size, ids: known, count } = await app.registry();
			expect([size, count, known.toSorted()]).toEqual([2, 2, ids.toSorted()]);
			await ada.close();
			await expect.poll(async () => (await app.registry()).ids).toEqual([ids[1]]);
		});

		test('publishes from a GET endpoint, by way of event.locals', async () => {
			const topic = app.tag();
			await using client = await app.open('/commands');
			client.send(JSON.stringify(['subscribe', topic]));
			await client.json();
			expect(await app.text(`/publish?topic=${topic}&text=hi`)).toBe('published');
			expect(await client.json()).toEqual({ text: 'hi' });
			await app.text('/publish?topic=nobody&text=hi');
		});

		test('sends to one peer by its id, and nothing to who is gone', async () => {
			await using client = await app.open('/commands');
			client.send('["id"]');
			const { result: id } = (await client.json()) as { result: string };
			await app.text(`/send?id=${id}&text=you`);
			expect(await client.json()).toEqual({ text: 'you' });
			await app.text('/send?id=nobody&text=you');
		});

		test('closes those that a filter picks, and all', async () => {
			await using ada = await app.open('/who', { cookie: 'user=Ada' });
			await using grace = await app.open('/who', { cookie: 'user=Grace' });
			await app.text('/registry?user=Ada', { method: 'DELETE' });
			expect(await ada.closed).toEqual({ code: 4011, reason: 'only Ada' });
			expect(grace.isOpen).toBe(true);
			await app.text('/registry', { method: 'DELETE' });
			expect(await grace.closed).toEqual({ code: 4010, reason: 'everybody' });
			await expect.poll(async () => (await app.registry()).size).toBe(0);
		});
	});

	describe(`${subject.name}: close and count, by id and by topic`, () => {
		const app = new App(subject);

		async function open(...topics: string[]) {
			const client = await app.open('/commands');
			client.send('["id"]');
			const { result: id } = (await client.json()) as { result: string };
			client.send(JSON.stringify(['subscribe', ...topics]));
			await client.json();
			return Object.assign(client, { id });
		}

		test('know one peer, those on a topic, and nobody else', async () => {
			const topic = app.tag();
			await using ada = await open(topic);
			await using grace = await open(topic, 'more');
			await using linus = await open('more');
			expect(await app.registry(topic)).toMatchObject({
				count: 3,
				countOnTopic: 2,
				subscribers: 2
			});
			await app.text(`/registry?id=${ada.id}`, { method: 'DELETE' });
			expect(await ada.closed).toEqual({ code: 4012, reason: 'you' });
			await app.text(`/registry?id=${ada.id}`, { method: 'DELETE' });
			await app.text(`/registry?topic=${topic}`, { method: 'DELETE' });
			expect(await grace.closed).toEqual({ code: 4013, reason: 'the room' });
			expect(linus.isOpen).toBe(true);
			await expect.poll(() => app.registry(topic)).toMatchObject({ count: 1, countOnTopic: 0 });
		});
	});

	describe(`${subject.name}: a user who is closed`, () => {
		const app = new App(subject);
		const close = (query: Record<string, string>) =>
			app.text(`/registry?${new URLSearchParams(query)}`, { method: 'DELETE' });

		/** A handshake that waits in its upgrade, until it is asked how it is answered. */
		async function waiting(user: string, path = '/held', probe = false) {
			const tag = app.tag();
			const target = `${path}?held&tag=${tag}`;
			const headers = { cookie: `user=${user}` };
			const answered = probe
				? fetch(app.running.url + target, { headers: { ...headers, 'x-websocket-probe': '1' } })
				: app.upgrade(target, headers);
			await expect.poll(() => app.journal(tag)).toContain('waiting');
			const answer = async () => {
				await app.text(`/release?tag=${tag}`);
				return (await answered).status;
			};
			return { tag, answer };
		}

		test('is not let in by an upgrade that is under way', async () => {
			const ada = await waiting('Ada');
			const probe = await waiting('Ada', undefined, true);
			const grace = await waiting('Grace');
			await close({ user: 'Ada', code: '4401' });
			expect(await ada.answer()).toBe(401);
			expect(await probe.answer()).toBe(401);
			expect(await grace.answer()).toBe(101);
			expect(await app.journal(ada.tag)).not.toContain('open');
			expect(await (await waiting('Ada')).answer()).toBe(101);
		});

		test('is known by the data that the upgrade finds out in the end', async () => {
			const ada = await waiting('Ada');
			await close({ user: 'Ada', code: '4403', by: 'data' });
			expect(await ada.answer()).toBe(403);
		});

		test('gets no more of what was subscribed to on behalf of a request', async () => {
			const topic = app.tag();
			const ada = await feed(app, topic, { user: 'Ada' });
			const grace = await feed(app, topic, { user: 'Grace' });
			await app.text(`/publish?topic=${topic}&text=both`);
			await ada.until((text) => text.includes('both'));
			await close({ user: 'Ada' });
			const all = ': listening\n\ndata: {"text":"both"}\n\n';
			expect(await ada.until(() => false)).toBe(all);
			await app.text(`/publish?topic=${topic}&text=Grace`);
			expect(await grace.until((text) => text.includes('Grace'))).toBe(
				`${all}data: {"text":"Grace"}\n\n`
			);
			grace.leave();
		});

		test('gets no more of what was subscribed to in a hook, and others do', async () => {
			const [topic, tag] = [app.tag(), app.tag()];
			const open = async (user: string, more = '') => {
				const path = `/overhear/${topic}?x=1${more}`;
				const client = await app.open(path, { cookie: `user=${user}` });
				expect(await client.message()).toBe('listening');
				return client;
			};
			await using ada = await open('Ada', `&tag=${tag}`);
			await using grace = await open('Grace');
			await close({ user: 'Ada' });
			expect(await ada.closed).toMatchObject({ code: 4011 });
			await expect.poll(() => app.journal(tag)).toContain('overheard all');
			await app.text(`/publish?topic=${topic}&text=still`);
			expect(await grace.message()).toBe('{"text":"still"}');
		});

		test('leaves the jobs of the server alone, as everybody does', async () => {
			await app.text('/registry', { method: 'DELETE' });
			await app.text('/publish?topic=job&text=still');
			await expect.poll(() => app.journal('job')).toContain('{"text":"still"}');
		});

		test('may be closed by an upgrade of the same user, which stays itself', async () => {
			await using first = await app.open('/alone', { cookie: 'user=Ada' });
			await using second = await app.open('/alone', { cookie: 'user=Ada' });
			expect(await first.closed).toEqual({ code: 4409, reason: 'Signed in elsewhere' });
			const older = await waiting('Ada', '/alone');
			const newer = await waiting('Ada', '/alone');
			expect(await second.closed).toMatchObject({ code: 4409 });
			expect([await older.answer(), await newer.answer()]).toEqual([409, 101]);
		});

		test('is not let in where what closes them was set going by an upgrade that is over', async () => {
			await using first = await app.open('/watched', { cookie: 'user=Grace' });
			const ada = await waiting('Ada');
			await close({ user: 'Ada', by: 'watch' });
			expect(await ada.answer()).toBe(401);
			expect(first.isOpen).toBe(true);
		});

		test('stays, and so does the server, where the filter is async', async () => {
			await using client = await app.open('/commands', { cookie: 'user=Ada' });
			await close({ user: 'Ada', by: 'async' });
			await app.running.printed(
				/A filter of websockets\.close failed[^]*It has returned a promise/
			);
			client.send('["id"]');
			expect(await client.json()).toMatchObject({ did: 'id' });
		});

		test('is no reason to fail for those whom the filter cannot judge', async () => {
			await using client = await app.open('/commands', { cookie: 'user=Ada' });
			await using other = await app.open('/wait?ms=1', { cookie: 'user=Linus' });
			await close({ user: 'Linus', by: 'data' });
			expect(await other.closed).toMatchObject({ code: 4011 });
			await app.running.printed(/A filter of websockets\.close failed/);
			client.send('["id"]');
			expect(await client.json()).toMatchObject({ did: 'id' });
		});
	});

	describe(`${subject.name}: a path that init has added`, () => {
		const app = new App(subject);

		test('is there, and hears what is published', async () => {
			await using client = await app.open('/from-init');
			expect(await client.message()).toBe('added by init');
			const topic = app.tag();
			client.send(topic);
			expect(await client.message()).toBe('subscribed');
			await app.text(`/publish?topic=${topic}&text=hi`);
			expect(await client.json()).toEqual({ text: 'hi' });
		});
	});

	describe(`${subject.name}: a subscription in the server`, () => {
		const app = new App(subject);

		test('gets what the app and what peers publish', async () => {
			const topic = app.tag();
			const { until, leave } = await feed(app, topic);
			await using client = await app.open('/commands');
			client.send(JSON.stringify(['publish', topic, 'from a peer']));
			await until((text) => text.includes('from a peer'));
			await app.text(`/publish?topic=${topic}&text=from+an+endpoint`);
			expect(await until((text) => text.includes('endpoint'))).toBe(
				': listening\n\ndata: from a peer\n\ndata: {"text":"from an endpoint"}\n\n'
			);
			leave();
		});

		test('loses nothing while its loop is busy', async () => {
			const topic = app.tag();
			const { until, leave } = await feed(app, topic, { pause: 50 });
			await using client = await app.open('/commands');
			for (let index = 0; index < 100; index += 1) {
				client.send(JSON.stringify(['publish', topic, `<${index}>`]));
			}
			const text = await until((given) => given.includes('<99>'));
			expect(text.match(/<\d+>/g)).toEqual(Array.from({ length: 100 }, (_, index) => `<${index}>`));
			leave();
		});

		test('says so when more wait than it keeps, after it has given all that it kept', async () => {
			const topic = app.tag();
			const { until } = await feed(app, topic, { pause: 300 });
			await using client = await app.open('/commands');
			for (let index = 0; index < 1100; index += 1) {
				client.send(JSON.stringify(['publish', topic, `<${index}>`]));
			}
			const text = await until((given) => given.includes('event: failed'));
			expect(text.match(/<\d+>/g)).toHaveLength(1025);
			expect(text).toContain(
				'data: AdapterError: [svelte-adapter-ws] A subscriber did not keep up'
			);
		});
	});

	describe(`${subject.name}: a path that is added at run time`, () => {
		const app = new App(subject);
		const endpoint = (method: string, query: Record<string, string>) =>
			app.text(`/endpoint?${new URLSearchParams(query)}`, { method });

		test('has sockets, keeps them when it is replaced, and takes them along', async () => {
			const path = '/live/[name]';
			expect((await app.upgrade('/live/Ada')).status).toBe(404);
			expect(await endpoint('PUT', { path, version: 'one', limit: '2' })).toBe(
				'{"path":"/live/[name]","peers":0}'
			);
			await using ada = await app.open('/live/Ada');
			await using grace = await app.open('/live/Grace');
			expect((await app.upgrade('/live/Linus')).status).toBe(503);
			ada.send('hi');
			expect(await ada.message()).toBe('one: hi');
			await endpoint('PUT', { path, version: 'two', limit: '2' });
			ada.send('hi');
			expect(await ada.message()).toBe('two: hi');
			expect(await endpoint('POST', { path, text: 'all' })).toBe('{"peers":2}');
			expect([await ada.json(), await grace.json()]).toEqual([{ text: 'all' }, { text: 'all' }]);
			await endpoint('DELETE', { path });
			expect(await ada.closed).toEqual({ code: 4000, reason: 'over' });
			expect(await grace.closed).toEqual({ code: 4000, reason: 'over' });
			expect((await app.upgrade('/live/Ada')).status).toBe(404);
		});

		test('may refuse its clients with false', async () => {
			await endpoint('PUT', { path: '/live/closed', version: 'closed' });
			expect((await app.upgrade('/live/closed')).status).toBe(401);
			await endpoint('DELETE', { path: '/live/closed' });
		});

		test('comes before one of src/websocket', async () => {
			await endpoint('PUT', { path: '/echo', version: 'runtime' });
			await using client = await app.open('/echo');
			client.send('hi');
			expect(await client.message()).toBe('runtime: hi');
			await endpoint('DELETE', { path: '/echo' });
			await using again = await app.open('/echo');
			again.send('hi');
			expect(await again.message()).toBe('hi');
		});
	});

	describe(`${subject.name}: guards in handle`, () => {
		const app = new App(subject);

		test('by a cookie', async () => {
			expect((await app.upgrade('/guarded/cookie')).status).toBe(401);
			await using client = await app.open('/guarded/cookie', { cookie: 'user=Ada' });
			expect(await client.json()).toMatchObject({ user: 'Ada' });
		});

		test('by the address', async () => {
			await using client = await app.open('/guarded/address');
			expect(await client.json()).toMatchObject({ address: '127.0.0.1' });
		});

		test.runIf(subject.isProduction)('by the address that a proxy names', async () => {
			await using behind = await subject.run('default', { ADDRESS_HEADER: 'x-forwarded-for' });
			const { port } = behind;
			const from = (address: string) =>
				fetch(`http://127.0.0.1:${port}/guarded/address`, {
					headers: { 'x-forwarded-for': address, 'x-websocket-probe': '1' }
				}).then(({ status }) => status);
			expect([await from('127.0.0.1'), await from('10.1.2.3')]).toEqual([204, 403]);
		});
	});

	oneTimeSuite(subject);
}
