import { describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** What a frame begins with, and texts of the app that look like one. */
const mark = '\u0016';
const oddTexts = [mark, `${mark}7`, `${mark}q1,x`, `${mark}${mark}`, `${mark}\u{1f44b}`];

const asksForFrames = 'x-websocket-heartbeat=1&x-websocket-protocol=1.abcdefgh';

/** What a server says to a client that speaks the protocol of this package, and to others that do not. */
export function dialogueSuite(subject: Subject): void {
	describe(`${subject.name}: a client that speaks the protocol`, () => {
		const app = new App(subject);

		/** A client that speaks the protocol, once `open` is done. */
		async function converse(path = '/dialogue', query = ''): Promise<Client> {
			const client = await app.open(`${path}?${query}&${asksForFrames}`);
			expect(await client.message()).toBe(`${mark}v1,30000`);
			for (;;) if ((await client.message()) === `${mark}o`) return client;
		}

		const deed = (name: string, what?: unknown) => JSON.stringify({ do: name, with: what });

		/** The texts that follow, one after another, in no more than the order of arrival. */
		async function next(client: Client, count: number): Promise<(string | Buffer)[]> {
			const all: (string | Buffer)[] = [];
			while (all.length < count) all.push(await client.message());
			return all;
		}

		describe('the protocol', () => {
			test('begins with hello, in place of the first beat, and says when open is done', async () => {
				await using client = await app.open(`/dialogue?a=1&slow&${asksForFrames}&b=2`);
				expect(await next(client, 3)).toEqual([
					`${mark}v1,30000`,
					'{"search":"?a=1&slow&b=2"}',
					`${mark}o`
				]);
				client.send(`${mark}12`);
				expect(await client.message()).toBe(`${mark}12`);
			});

			test('is nothing to a client that does not ask, or asks for another version', async () => {
				for (const query of ['', 'x-websocket-protocol=2.abcdefgh', 'x-websocket-protocol=1.A']) {
					await using client = await app.open(`/dialogue?${query}`);
					expect(await client.json()).toEqual({ search: '' });
					client.send(`${mark}q1,x`);
					expect(await client.message()).toBe(`${mark}q1,x`);
				}
			});

			test('lets a client say what it has received before open is called', async () => {
				const tag = app.tag();
				await using client = await app.open(`/dialogue?tag=${tag}&${asksForFrames}.r`);
				expect(await client.message()).toBe(`${mark}v1,30000`);
				expect(await app.journal(tag)).not.toContain('open');
				client.send(`${mark}r["topic.epoch.1.signature~7"]`);
				expect(await client.json()).toEqual({ search: `?tag=${tag}` });
				expect(await client.message()).toBe(`${mark}o`);
				expect(await app.journal(tag)).toContain('open');
			});

			test('does not wait for that when something else comes', async () => {
				await using client = await app.open(`/dialogue?${asksForFrames}.r`);
				expect(await client.message()).toBe(`${mark}v1,30000`);
				client.send('hello');
				expect(await next(client, 3)).toEqual(['{"search":""}', `${mark}o`, 'hello']);
			});

			test('keeps open before close for a client that leaves before', async () => {
				const tag = app.tag();
				await using client = await app.open(`/dialogue?tag=${tag}&${asksForFrames}.r`);
				await client.message();
				await client.close();
				await expect
					.poll(async () => (await app.journal(tag)).filter((line) => !line.startsWith('handle')))
					.toEqual(['open', expect.stringMatching(/^close /)]);
			});

			test('ignores what it does not know', async () => {
				await using client = await converse();
				for (const rest of [
					'',
					'z1',
					'\u20ac',
					'q',
					'q1',
					'a1,{',
					'e1',
					'g1',
					'gx,y',
					'r{',
					'Q1,x'
				]) {
					client.send(mark + rest);
				}
				client.send('still here');
				expect(await client.message()).toBe('still here');
			});
		});

		describe('texts of the app that look like frames', () => {
			test('arrive as they are at the app', async () => {
				await using own = await converse();
				await using plain = await app.open('/dialogue');
				await plain.message();
				for (const text of oddTexts) {
					own.send(mark + text);
					expect(await own.message()).toBe(mark + text);
					plain.send(text);
					expect(await plain.message()).toBe(text);
				}
			});

			test('arrive as they are at its clients, each in its way, however they were sent', async () => {
				const topic = app.tag();
				await using own = await converse();
				await using plain = await app.open('/dialogue');
				await using old = await app.open('/dialogue?x-websocket-heartbeat=1');
				await using publisher = await converse();
				await plain.message();
				await next(old, 2);
				for (const [client, odd] of [
					[own, mark],
					[plain, ''],
					[old, '']
				] as const) {
					client.send(deed('subscribe', topic));
					for (const text of oddTexts) {
						for (const name of ['send', 'sendById']) {
							client.send(deed(name, text));
							expect(await client.message()).toBe(odd + text);
						}
						client.send(deed('sendBytes', text));
						expect(String(await client.message())).toBe(text);
					}
				}
				for (const text of oddTexts) {
					publisher.send(deed('publish', [topic, text]));
					publisher.send(deed('publishAll', [topic, text]));
					expect(await next(own, 2)).toEqual([mark + text, mark + text]);
					expect(await next(plain, 2)).toEqual([text, text]);
					expect(await next(old, 2)).toEqual([text, text]);
				}
			});

			test('are published to all of a path that was added at run time', async () => {
				const path = `/odd/${app.tag()}`;
				await app.text(`/endpoint?path=${path}`, { method: 'PUT' });
				await using own = await converse(path);
				await using plain = await app.open(path);
				for (const text of oddTexts) {
					const query = `path=${path}&raw&text=${encodeURIComponent(text)}`;
					await app.text(`/endpoint?${query}`, { method: 'POST' });
					expect(await own.message()).toBe(mark + text);
					expect(await plain.message()).toBe(text);
				}
			});
		});

		describe('requests of a client', () => {
			test.for([
				['an object', deed('answer', { a: [1, null] }), [`${mark}a1,{"a":[1,null]}`]],
				['a text', deed('answer', 'x,y'), [`${mark}a1,"x,y"`]],
				['nothing', deed('nothing'), [`${mark}a1`]],
				['null', deed('answer', null), [`${mark}a1,null`]],
				['bytes', deed('bytes', [1, 2, 22]), [`${mark}A1,3`, Buffer.of(1, 2, 22)]],
				['error', deed('error', 'No, sorry'), [`${mark}e1,404,No, sorry`]],
				['redirect', deed('redirect', '/login'), [`${mark}e1,303,/login`]]
			] as const)('are answered with %s', async ([, request, answer]) => {
				await using client = await converse();
				client.send(`${mark}q1,${request}`);
				expect(await next(client, answer.length)).toEqual(answer);
			});

			test.for(['throw', 'map'])('are answered 500 after %s, and error hears why', async (name) => {
				await using client = await converse();
				client.send(`${mark}q1,${deed(name, 'secret')}`);
				const [answer, error] = await next(client, 2);
				expect([answer, error]).toContain(`${mark}e1,500,Internal Error`);
				expect(`${String(answer)}${String(error)}`).toMatch(name === 'map' ? /Map/ : /secret/);
			});

			test('are answered when each is done, of bytes as well', async () => {
				await using client = await converse();
				client.send(`${mark}qa,${deed('later', 100)}`);
				client.send(`${mark}Qb,3`);
				client.send(Uint8Array.of(1, 2, 3));
				client.send(`${mark}qc,${deed('answer', 1)}`);
				expect(await next(client, 4)).toEqual([
					`${mark}Ab,3`,
					Buffer.of(3, 2, 1),
					`${mark}ac,1`,
					`${mark}aa,100`
				]);
			});

			test('are refused where no hook answers', async () => {
				await using client = await converse('/slash/never');
				client.send(`${mark}q1,x`);
				expect(await client.message()).toBe(`${mark}e1,501,Nothing here answers requests`);
			});
		});

		describe('requests of the server', () => {
			test('are answered by a client that speaks the protocol', async () => {
				await using client = await converse();
				client.send(`${mark}q1,${deed('ask', { a: 1 })}`);
				expect(await client.message()).toBe(`${mark}q1,{"a":1}`);
				client.send(`${mark}a1,{"b":2}`);
				expect(await client.message()).toBe(`${mark}a1,{"b":2}`);
			});

			test('end with an error that says why there is no answer', async () => {
				await using client = await converse();
				client.send(`${mark}q1,${deed('askInVain', 5000)}`);
				expect(await client.message()).toBe(`${mark}q1,in vain`);
				client.send(`${mark}e1,409,Not now`);
				expect(await client.message()).toBe(`${mark}a1,{"code":"request_failed","status":409}`);
				client.send(`${mark}q2,${deed('askInVain', 20)}`);
				expect(await next(client, 2)).toEqual([
					`${mark}q2,in vain`,
					`${mark}a2,{"code":"request_timeout"}`
				]);
			});
		});

		describe('a path with a schema', () => {
			test('refuses what its schema refuses, and goes on', async () => {
				const tag = app.tag();
				await using own = await converse('/validated', `tag=${tag}`);
				own.send('{"x":"1"}');
				expect(await own.message()).toBe(`${mark}x[{"message":"No number","path":["x"]}]`);
				own.send(`${mark}q1,none`);
				expect(await own.message()).toBe(`${mark}e1,400,x: No number`);
				own.send(`${mark}q2,{"x":2}`);
				expect(await own.message()).toBe(`${mark}a2,{"doubled":4}`);
				await app.noted(tag, [
					'handle /validated',
					'open',
					'error bad_message',
					'error bad_message'
				]);
			});

			test('is asked about what its peers are sent, in dev', async () => {
				const tag = app.tag();
				await using plain = await app.open(`/validated?tag=${tag}`);
				plain.send('{"x":0}');
				if (subject.name.startsWith('dev')) {
					await expect.poll(() => app.journal(tag)).toContain('error bad_value');
					expect(plain.received).toEqual([]);
				} else expect(await plain.message()).toBe('{"x":"zero"}');
			});

			test('tells a plain client nothing', async () => {
				const tag = app.tag();
				await using plain = await app.open(`/validated?tag=${tag}`);
				plain.send('{"x":"1"}');
				await app.noted(tag, ['handle /validated', 'open', 'error bad_message']);
				expect(plain.received).toEqual([]);
				expect(plain.isOpen).toBe(true);
			});
		});
	});
}
