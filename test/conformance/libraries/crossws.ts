import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import type { App } from '../websocket/app.ts';
import { socketOf, wsUrl } from './sockets.ts';

/** Hooks that were written for crossws: those of its own tests, of graphql-ws and of h3. */
export function crosswsSuite(app: App): void {
	const silent = (room: string) => app.open(`/crossws/hooks/${room}?silent`);

	it('hooks of crossws know who has come: context, namespace, protocol and address', async () => {
		const room = app.tag();
		const headers = { cookie: 'user=ann' };
		await using client = await app.open(`/crossws/hooks/${room}`, headers, ['one', 'two']);
		expect(JSON.parse((await client.message()) as string)).toEqual({
			namespace: `/crossws/hooks/${room}`,
			context: { locals: { user: 'ann' }, early: 'early', late: 'late' },
			remoteAddress: expect.stringContaining('127.0.0.1') as string,
			protocol: 'two',
			url: `ws://127.0.0.1:${app.port}/crossws/hooks/${room}`,
			readyState: 1
		});
		const rest: unknown = JSON.parse((await client.message()) as string);
		expect(rest).toEqual({ isId: true, sent: 1, peers: 1 });
	});

	it('headers and cookies of upgrade travel on the 101', async () => {
		const { status, headers } = await app.upgrade('/crossws/hooks');
		expect(status).toBe(101);
		expect(headers).toContainEqual(['x-from', 'crossws']);
		expect(headers).toContainEqual(['set-cookie', 'a=b%20c; Path=/; HttpOnly']);
	});

	it('upgrade refuses with a response that it returns or throws', async () => {
		const refused = await app.upgrade('/crossws/hooks?refuse');
		expect(refused.status).toBe(403);
		expect(refused.headers).toContainEqual(['x-why', 'because']);
		expect(String(refused.body)).toBe('not you');
		expect(await app.upgrade('/crossws/hooks?throw')).toMatchObject({ status: 401 });
	});

	it('texts, bytes, numbers and nothing are sent as crossws sends them', async () => {
		await using client = await silent(app.tag());
		client.send('grüß dich');
		expect(await client.message()).toBe('grüß dich');
		client.send('number');
		expect(await client.message()).toBe('42');
		client.send('void');
		expect(await client.message()).toBe('');
		client.send(Buffer.from('bytes \0\x01'));
		expect(Buffer.from((await client.message()) as Uint8Array)).toEqual(
			Buffer.from('bytes \0\x01')
		);
	});

	it('topics reach the others of the namespace, and nobody of another', async () => {
		const room = app.tag();
		await using ann = await silent(room);
		await using bob = await silent(room);
		await using eve = await silent(app.tag());
		for (const client of [ann, bob, eve]) {
			client.send('join news');
			expect(await client.message()).toBe('news');
		}
		ann.send('say news hello');
		expect(await ann.message()).toBe('news');
		expect(await bob.message()).toBe('hello');
		bob.send('part news');
		expect(await bob.message()).toBe('part news');
		eve.send('join more');
		expect(await eve.message()).toBe('news,more');
	});

	it('an app that answers without hooks refuses', async () => {
		const { status, body } = await app.upgrade('/crossws/refusing');
		expect([status, String(body)]).toEqual([403, 'closed for today']);
	});

	it('a topic of a namespace is published to from outside', async () => {
		const room = app.tag();
		await using ann = await silent(room);
		ann.send('join news');
		await ann.message();
		await app.text(`/crossws/publish?room=${room}`);
		expect(await ann.message()).toBe('from outside');
	});

	it('sockets of several paths share a namespace that upgrade has named', async () => {
		const namespace = app.tag();
		const query = `?silent&namespace=${namespace}`;
		await using ann = await app.open(`/crossws/hooks/a${query}`);
		await using bob = await app.open(`/crossws/hooks/b${query}`);
		bob.send('join news');
		expect(await bob.message()).toBe('news');
		ann.send('say news hello');
		expect(await bob.message()).toBe('hello');
	});

	it('close has the code and the reason, and the peer is among the others no more', async () => {
		const room = app.tag();
		await using ann = await silent(room);
		await using bob = await silent(room);
		bob.send('close');
		expect(await bob.closed).toEqual({ code: 4001, reason: 'enough' });
		expect(JSON.parse((await ann.message()) as string)).toMatchObject({ peers: 1 });
		await using eve = await silent(room);
		eve.send('cut');
		expect(await eve.closed).toMatchObject({ code: 1006 });
	});

	it('what a hook throws reaches its error hook, and the socket lives', async () => {
		await using client = await silent(app.tag());
		client.send('throw');
		const error: unknown = JSON.parse((await client.message()) as string);
		expect(error).toEqual({ name: 'WSError', message: 'oh no' });
		client.send('still here');
		expect(await client.message()).toBe('still here');
	});

	it('graphql-ws answers over its hooks for crossws', async () => {
		const url = wsUrl(app, '/crossws/graphql');
		const client = createClient({ url, webSocketImpl: socketOf('ann'), retryAttempts: 0 });
		const counts: unknown[] = [];
		for await (const { data } of client.iterate({ query: 'subscription { count(to: 3) }' })) {
			counts.push(data?.['count']);
		}
		expect(counts).toEqual([1, 2, 3]);
		await client.dispose();
	});

	it('an app of h3 finds the hooks of each socket', async () => {
		const room = app.tag();
		await using ann = await app.open(`/crossws/h3/${room}`);
		await using bob = await app.open(`/crossws/h3/${room}`);
		ann.send('hello');
		expect(await bob.message()).toBe(`${room}: hello`);
	});
}
