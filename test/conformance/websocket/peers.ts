import { describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { values } from '../../support/raw.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** The server's end of a socket: `Peer` and `Message`, and a socket's life. */
export function peersSuite(subject: Subject): void {
	/** Have a command done by the client's own peer, and read what it returns. */
	async function ask(client: Client, ...command: unknown[]): Promise<unknown> {
		client.send(JSON.stringify(command));
		return await client.json();
	}

	/** Whether the client's peer is well: what it answers is the next thing that arrives. */
	async function answers(client: Client): Promise<boolean> {
		tell(client, 'echo', 'here');
		return (await client.message()) === 'here';
	}

	function tell(client: Client, ...command: unknown[]): void {
		client.send(JSON.stringify(command));
	}

	describe(`${subject.name}: values`, () => {
		const app = new App(subject);

		test.for([
			['text', 'gr\u00fc\u00dfe \u{1f44b}'],
			['empty', ''],
			['surrogate', 'a\ufffdb'],
			['object', '{"a":[1,null,"x"],"at":"1970-01-01T00:00:00.000Z"}'],
			['number', '7'],
			['null', 'null'],
			['true', 'true'],
			['bytes', Buffer.of(1, 2, 3)],
			['buffer', Buffer.of(4, 5, 6)],
			['view', Buffer.of(7, 8, 9)],
			['floats', Buffer.from(Float32Array.of(1).buffer)]
		] as const)('%s travels', async ([name, expected]) => {
			await using client = await app.open('/commands');
			tell(client, 'send', name);
			expect(await client.message()).toEqual(expected);
		});

		test.for([
			['blob', 'a Blob', 'await blob.bytes()'],
			['undefined', 'undefined', 'Send a string'],
			['function', 'function', 'Send a string'],
			['promise', 'a Promise', 'Await it'],
			['map', 'Map', 'Send a string'],
			['error', 'Error', 'Send a string'],
			['nan', 'NaN', 'JSON can hold'],
			['bigint', 'BigInt', 'JSON can hold'],
			['circular', 'circular|cyclic', 'JSON can hold']
		])('%s is refused, with what to do', async ([name = '', value = '', todo]) => {
			await using client = await app.open('/commands');
			const { failed } = (await ask(client, 'send', name)) as { failed: string };
			expect(failed).toMatch(/^\[svelte-adapter-ws\] This cannot be sent to a socket \(/);
			expect(failed).toMatch(new RegExp(value));
			expect(failed).toContain(todo);
			expect(await answers(client)).toBe(true);
		});

		test('that cannot be sent are published to nobody', async () => {
			const topic = app.tag();
			await using client = await app.open('/commands');
			await using other = await app.open('/commands');
			await ask(other, 'subscribe', topic);
			for (const name of ['promise', 'map', 'nan', 'circular', 'undefined']) {
				expect(await ask(client, 'publishOdd', topic, name)).toHaveProperty('failed');
			}
			tell(client, 'publish', topic, 'the first that arrives');
			expect(await other.message()).toBe('the first that arrives');
		});
	});

	describe(`${subject.name}: a mistake in a call`, () => {
		// Without a handleError of the app it is a line in the log.
		const app = new App(subject, 'base');

		test('is told with the place of the call, which is in the code of the app', async () => {
			await using client = await app.open('/base/forgets/await');
			client.send('x');
			const output = await app.running.printed(/hook message of \/forgets\/await failed[^]*? at /);
			const [, place = ''] = / at ([^]*?:\d+:\d+)/.exec(output) ?? [];
			expect(place).toContain('websocket');
			expect(place).not.toMatch(/svelte-adapter-ws\/|server\.js|encode|\.send/);
		});
	});

	describe(`${subject.name}: messages`, () => {
		const app = new App(subject);

		test('of text are text, and bytes in UTF-8', async () => {
			await using client = await app.open('/commands');
			client.send('\u00fc');
			expect(await client.json()).toEqual({
				isBinary: false,
				data: '\u00fc',
				text: '\u00fc',
				bytes: [0xc3, 0xbc]
			});
		});

		test('of bytes are bytes, and text in UTF-8', async () => {
			await using client = await app.open('/commands');
			client.send(Uint8Array.of(0xc3, 0xbc));
			expect(await client.json()).toEqual({
				isBinary: true,
				data: [0xc3, 0xbc],
				text: '\u00fc',
				bytes: [0xc3, 0xbc]
			});
		});

		test('of a megabyte less a bit arrive whole', async () => {
			await using client = await app.open('/echo');
			const large = Buffer.alloc(512 * 1024, 7);
			client.send(large);
			expect(await client.message()).toEqual(large);
		});

		test('arrive in order, a thousand in one go', async () => {
			await using client = await app.open('/echo');
			for (let index = 0; index < 1000; index += 1) client.send(String(index));
			const received: unknown[] = [];
			while (received.length < 1000) received.push(await client.message());
			expect(received).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)));
		});

		test('reach listeners as well as hooks', async () => {
			await using client = await app.open('/commands');
			await ask(client, 'listen');
			client.send('text');
			expect(await client.json()).toMatchObject({ data: 'text' });
			expect(await client.json()).toEqual({ heard: 'text' });
		});
	});

	describe(`${subject.name}: of its request a peer`, () => {
		const app = new App(subject);

		test('has what Node would have', async () => {
			const headers = {
				cookie: 'user=ann; other=1',
				'x-other': 'one, two',
				'user-agent': 'a test'
			};
			await using client = await app.open('/commands?a=%20b&x-websocket-heartbeat=1', headers);
			await client.message();
			tell(client, 'request', 'cookie', 'x-other', 'user-agent', 'upgrade', 'x-none');
			expect(await client.json()).toEqual({
				did: 'request',
				result: {
					method: 'GET',
					url: '/commands?a=%20b',
					headers: { ...headers, upgrade: 'websocket' },
					address: '127.0.0.1'
				}
			});
		});

		test('hears what answers its pings', async () => {
			await using client = await app.open('/commands');
			tell(client, 'listenToPongs');
			let said: unknown;
			while (said !== 'are you there?') said = ((await client.json()) as { pong: string }).pong;
		});
	});

	describe(`${subject.name}: topics`, () => {
		const app = new App(subject);

		test('deliver to everyone on them but the peer that publishes', async () => {
			const topic = app.tag();
			await using ada = await app.open('/commands');
			await using grace = await app.open('/commands');
			await using linus = await app.open('/commands');
			expect(await ask(ada, 'subscribe', topic, 'more')).toEqual({
				did: 'subscribe',
				result: [topic, 'more']
			});
			await ask(grace, 'subscribe', topic);
			expect((await app.registry(topic)).subscribers).toBe(2);
			tell(ada, 'publish', topic, { from: 'Ada' });
			tell(linus, 'publish', topic, 'from a peer that is not on it');
			const received = [await grace.message(), await grace.message()];
			expect(received.toSorted()).toEqual(['from a peer that is not on it', '{"from":"Ada"}']);
			expect(await ada.message()).toBe('from a peer that is not on it');
			expect(await answers(linus)).toBe(true);
		});

		test('are left by unsubscribe, and by the end of the socket', async () => {
			const topic = app.tag();
			await using ada = await app.open('/commands');
			await using grace = await app.open('/commands');
			await ask(ada, 'subscribe', topic);
			await ask(grace, 'subscribe', topic);
			expect(await ask(ada, 'unsubscribe', topic)).toEqual({ did: 'unsubscribe', result: [] });
			expect((await app.registry(topic)).subscribers).toBe(1);
			await grace.close();
			await expect.poll(async () => (await app.registry(topic)).subscribers).toBe(0);
		});

		test('keep the order between what is sent and what is published', async () => {
			await using client = await app.open('/commands');
			tell(client, 'interleave', app.tag(), 200);
			const received: unknown[] = [];
			while (received.length < 200) received.push(await client.message());
			expect(received).toEqual(Array.from({ length: 200 }, (_, index) => String(index)));
		});
	});

	describe(`${subject.name}: what is no topic`, () => {
		const app = new App(subject);

		test.for([7, null, true, ['a'], { a: 1 }, 'a\ud800', '\u0000endpoint:/echo'])(
			'is refused before anything has changed: %j',
			async (topic) => {
				await using client = await app.open('/commands');
				for (const command of [
					'subscribe',
					'unsubscribe',
					'publish',
					'publishAll',
					'subscribers'
				]) {
					const { failed } = (await ask(client, command, topic, 'value')) as { failed: string };
					expect(failed).toContain('This is no topic');
				}
				expect(await ask(client, 'subscribe')).toEqual({ did: 'subscribe', result: [] });
			}
		);

		test.for(['', ' ', 'gr\u00fc\u00dfe', '\u65e5\u672c', 'a\u0000b', 'x'.repeat(100_000)])(
			'is not a string of another kind',
			async (name) => {
				const topic = name === '' ? '' : app.tag() + name;
				await using client = await app.open('/commands');
				await using other = await app.open('/commands');
				expect(await ask(client, 'subscribe', topic)).toMatchObject({ result: [topic] });
				expect(await ask(other, 'subscribers', topic)).toMatchObject({ result: 1 });
				tell(other, 'publish', topic, 'to one');
				tell(other, 'publishAll', topic, 'to all');
				expect([await client.message(), await client.message()]).toEqual(['to one', 'to all']);
				expect(await ask(client, 'unsubscribe', topic)).toMatchObject({ result: [] });
				expect(await ask(client, 'subscribers', topic)).toMatchObject({ result: 0 });
			}
		);
	});

	describe(`${subject.name}: the end of a socket`, () => {
		const app = new App(subject);

		test('by the client reaches the close hook once, with code and reason', async () => {
			const tag = app.tag();
			const client = await app.open(`/echo?tag=${tag}`);
			client.ws.close(4005, 'gr\u00fc\u00df dich');
			await client.closed;
			await app.noted(tag, ['handle /echo', 'open', 'close 4005 gr\u00fc\u00df dich']);
		});

		test('by a client that just goes is 1006', async () => {
			const tag = app.tag();
			const client = await app.open(`/echo?tag=${tag}`);
			client.ws.terminate();
			await app.noted(tag, ['handle /echo', 'open', 'close 1006 ']);
		});

		test.for([
			['without arguments', [], { code: 1000, reason: '' }],
			['with a code', [4007], { code: 4007, reason: '' }],
			['with a reason', [4008, 'gr\u00fc\u00df'], { code: 4008, reason: 'gr\u00fc\u00df' }]
		] as const)('by peer.close %s reaches the client', async ([, args, expected]) => {
			const tag = app.tag();
			await using client = await app.open(`/commands?tag=${tag}`);
			tell(client, 'close', ...args);
			expect(await client.closed).toEqual(expected);
			const { code, reason } = expected;
			await app.noted(tag, ['handle /commands', 'open', `close ${code} ${reason}`]);
		});

		test.for([
			[1005, ''],
			[1006, ''],
			[999, ''],
			[2000, ''],
			[5000, ''],
			[1000.5, ''],
			[4000, 'x'.repeat(124)]
		] as const)('cannot be asked for with %s %s', async ([code, reason]) => {
			await using client = await app.open('/commands');
			const { failed } = (await ask(client, 'close', code, reason)) as { failed: string };
			expect(failed).toContain(reason === '' ? `(${code})` : '(124 bytes)');
			expect(await answers(client)).toBe(true);
		});

		test('by peer.terminate is 1006 for both', async () => {
			const tag = app.tag();
			await using client = await app.open(`/commands?tag=${tag}`);
			tell(client, 'terminate');
			expect((await client.closed).code).toBe(1006);
			await app.noted(tag, ['handle /commands', 'open', 'close 1006 ']);
		});

		test('amid a publish is harmless: what came before it arrives, what comes after reaches others', async () => {
			const [topic, tag] = [app.tag(), app.tag()];
			await using other = await app.open('/commands');
			await ask(other, 'subscribe', topic);
			await using client = await app.open(`/commands?tag=${tag}`);
			tell(client, 'closeWhilePublishing', topic);
			expect(await client.closed).toEqual({ code: 4001, reason: 'done' });
			expect(client.received).toEqual([]);
			expect([await other.message(), await other.message()]).toEqual(['before', 'after']);
			await app.noted(tag, ['handle /commands', 'open', 'close 4001 done']);
			expect((await app.registry('too late')).subscribers).toBe(0);
		});

		test('allows everything in the close hook, and nothing of it harms', async () => {
			const topic = app.tag();
			await using other = await app.open('/commands');
			await ask(other, 'subscribe', topic);
			const client = await app.open('/commands');
			await ask(client, 'subscribe', topic);
			await ask(client, 'actOnClose', topic);
			await client.close();
			expect([await other.json(), await other.json()]).toEqual([
				{ from: 'close', result: 'dropped', readyState: 3 },
				{ to: 'all', size: 0 }
			]);
			expect((await app.registry(topic)).subscribers).toBe(1);
		});
	});

	describe(`${subject.name}: a hook that throws`, () => {
		const app = new App(subject);

		test('goes to the error hook, and the socket lives', async () => {
			await using client = await app.open('/fails/message');
			client.send('x');
			expect(await client.message()).toBe('error: message broke');
			client.send('x');
			expect(await client.message()).toBe('error: message broke');
		});

		test.for(['now', 'later'])(
			'as the socket opens closes it with 1011, and nothing else is called: %s',
			async (how) => {
				const tag = app.tag();
				await using client = await app.open(`/unopened/${how}?tag=${tag}`);
				client.send('early');
				expect(await client.message()).toBe('sorry');
				client.send('late');
				expect(await client.closed).toMatchObject({ code: 1011 });
				await app.noted(tag, [
					`handle /unopened/${how}`,
					'Error: open broke',
					'handleError open broke',
					expect.stringMatching(/^close 1011/)
				]);
			}
		);
	});

	describe(`${subject.name}: an error of a hook`, () => {
		const app = new App(subject);

		test('reaches handleError once, after the error hook, and is no line in the log', async () => {
			const tag = app.tag();
			await using client = await app.open(`/fails/message?tag=${tag}`);
			client.send('x');
			await app.noted(tag, ['handle /fails/message', 'error', 'handleError message broke']);
			expect(app.running.output()).not.toContain('The websocket hook');
		});

		test('reaches it where there is no error hook', async () => {
			const tag = app.tag();
			await using client = await app.open(`/forgets/await?tag=${tag}`);
			client.send('x');
			await app.noted(tag, [
				'handle /forgets/await',
				expect.stringMatching(/^handleError .*This cannot be sent to a socket \(a Promise\)/)
			]);
		});

		test('is in the log, where handleError itself fails', async () => {
			const tag = app.tag();
			await using client = await app.open(`/fails/handleError?tag=${tag}`);
			client.send('x');
			await app.running.printed(/hook message of \/fails\/\[hook\] failed[^]*not even handleError/);
			await app.running.printed(/handleError failed on that[^]*handleError broke/);
			client.send('x');
			expect(await client.message()).toContain('error');
			expect(await client.message()).toContain('error');
		});
	});

	describe(`${subject.name}: the async context of a hook`, () => {
		const app = new App(subject);
		const connect = async (name: string) => {
			const tag = app.tag();
			const path = `/context?tag=${tag}&name=${name}`;
			const client = await app.open(path, { cookie: `user=${name}` });
			expect(await client.message()).toBe('opened');
			return {
				client,
				tag,
				begin: ['handle /context', `open ${name} /page`, `opened ${name} /page`],
				[Symbol.asyncDispose]: () => client[Symbol.asyncDispose]()
			};
		};

		test('is that of its own upgrade, in whichever hook of another socket it is called', async () => {
			await using grace = await connect('Grace');
			await using ada = await connect('Ada');
			ada.client.send('Grace');
			const each = (names: string[], who: string) => names.map((name) => `${name} ${who} /page`);
			const messages = ['message', 'closed', 'heard', 'done', 'error'];
			await app.noted(ada.tag, [...ada.begin, ...each(messages, 'Ada'), 'handleError it broke']);
			await app.noted(grace.tag, [...grace.begin, ...each(['abort', 'close'], 'Grace')]);
			expect(await grace.client.message()).toBe('from a hook');
			expect(await grace.client.closed).toMatchObject({ code: 4000 });
		});

		test('is its own though an endpoint closes it, and that of the endpoint stays', async () => {
			await using linus = await connect('Linus');
			const init = { method: 'DELETE', headers: { cookie: 'user=Admin' } };
			expect(await app.text('/registry?user=Linus&name=Admin', init)).toBe('Admin ./page');
			await app.noted(linus.tag, [...linus.begin, 'abort Linus /page', 'close Linus /page']);
		});

		test('is nothing that sockets share, a hundred at once', async () => {
			const names = Array.from({ length: 100 }, (_, index) => `User${index}`);
			const all = await Promise.all(names.map(connect));
			for (const [index, { client }] of all.entries()) client.send(`User${99 - index}`);
			for (const [index, { client, tag }] of all.entries()) {
				await client.close();
				const end = `close User${index} /page`;
				await expect.poll(() => app.journal(tag)).toContain(end);
				const [, ...lines] = await app.journal(tag);
				const others = lines.filter((line) => !line.endsWith(` User${index} /page`));
				expect(others.filter((line) => line !== 'handleError it broke')).toEqual([]);
			}
		});

		test('is that in which a remote query is asked, of many sockets at once', async () => {
			const names = Array.from({ length: 20 }, (_, index) => `User${index}`);
			const asking = names.map(async (name, index) => {
				const tag = app.tag();
				await using client = await app.open(`/asks?tag=${tag}`, { cookie: `user=${name}` });
				const told = [await client.message()];
				for (const ms of [index % 3, 3, 0]) {
					client.send(String(ms));
					told.push(await client.message());
				}
				await client.close();
				expect(told).toEqual(told.map(() => name));
				await expect.poll(() => app.journal(tag)).toContain(`close ${name}`);
			});
			await Promise.all(asking);
		});
	});

	describe(`${subject.name}: a socket that ends while open runs`, () => {
		const app = new App(subject);

		test('ends what has the signal of its peer, and tells listeners at once', async () => {
			const tag = app.tag();
			await using client = await app.open(`/follow/${tag}?tag=${tag}`);
			expect(await client.message()).toBe('following');
			await app.text(`/publish?topic=${tag}&text=one`);
			expect(await client.message()).toBe('{"text":"one"}');
			client.ws.close(4000, 'enough');
			const begin = [`handle /follow/${tag}`, 'heard 4000'];
			await app.noted(tag, [...begin, 'followed true', 'close 4000 enough']);
		});

		test('by its connection ends it as well', async () => {
			const tag = app.tag();
			await using client = await app.open(`/follow/${tag}?tag=${tag}`);
			expect(await client.message()).toBe('following');
			client.ws.terminate();
			const begin = [`handle /follow/${tag}`, 'heard 1006'];
			await app.noted(tag, [...begin, 'followed true', 'close 1006 ']);
		});
	});

	describe(`${subject.name}: ordered messages`, () => {
		const app = new App(subject, 'base');
		const notes = (tag: string) => app.journal(tag, '/base');

		test('wait for one another, and close waits for the last', async () => {
			const tag = app.tag();
			await using client = await app.open(`/base/ordered?tag=${tag}`);
			client.send('[50,"slow"]');
			client.send('[1,"fail"]');
			client.send('[0,"quick"]');
			expect(await client.message()).toBe('slow');
			expect(await client.message()).toBe('failed');
			expect(await client.message()).toBe('quick');
			client.send('[50,"last"]');
			await expect.poll(() => notes(tag)).toContain('begin last');
			client.ws.terminate();
			await expect.poll(async () => (await notes(tag)).at(-1)).toMatch(/^close/);
			const lines = await notes(tag);
			expect(lines.slice(0, -1)).toEqual([
				'open',
				'begin slow',
				'end slow',
				'begin fail',
				'begin quick',
				'end quick',
				'begin last',
				'end last'
			]);
		});

		test('of which too many wait close the socket with 1008', async () => {
			const tag = app.tag();
			await using client = await app.open(`/base/ordered?tag=${tag}`);
			for (let count = 0; count < 300; count += 1) client.send('[500,"x"]');
			expect(await client.closed).toMatchObject({ code: 1008 });
			await app.running.printed(/sent too much while its message hook was not done \(\/ordered\)/);
		});
	});

	describe(`${subject.name}: subprotocols`, () => {
		const app = new App(subject);

		test.for([
			['the best that the client offers', ['chat.v1', 'chat.v2'], 'chat.v2'],
			['the only one in common', ['other', 'chat.v1'], 'chat.v1']
		] as const)('are %s', async ([, offered, chosen]) => {
			await using client = await app.open('/subprotocols', {}, [...offered]);
			expect(client.ws.protocol).toBe(chosen);
			expect(await client.json()).toMatchObject({ data: { offered }, protocol: chosen });
		});

		test.for([
			['nothing matches', '/subprotocols', 'other, another'],
			['the handler names none', '/echo', 'chat.v1']
		])('are not named where %s', async ([, path = '', offered = '']) => {
			const response = await app.upgrade(path, { 'sec-websocket-protocol': offered });
			expect(response.status).toBe(101);
			expect(response.headers.map(([name]) => name)).not.toContain('sec-websocket-protocol');
		});
	});

	describe(`${subject.name}: a subprotocol that a function chooses`, () => {
		const app = new App(subject);
		const token = 'token.of-Ada';

		test('may be a token, the only one that is offered', async () => {
			await using client = await app.open('/bearer/first', {}, [token]);
			expect(client.ws.protocol).toBe(token);
			expect(await client.json()).toMatchObject({ data: { name: 'Ada' }, protocol: token });
		});

		test('may be none', async () => {
			const response = await app.upgrade('/bearer/none', { 'sec-websocket-protocol': token });
			expect(response.status).toBe(101);
			expect(values(response, 'sec-websocket-protocol')).toEqual([]);
		});

		test.for([
			['upgrade has let the client in', '/bearer/first', 'wrong', 401, 'No token'],
			['it refuses by error()', '/bearer/error', token, 403, 'Not for Ada'],
			['it throws', '/bearer/throw', token, 500, 'Something broke'],
			['it chooses what is not offered', '/bearer/other', token, 500, 'Something broke']
		] as const)('is none unless %s', async ([, path, offered, status, body]) => {
			const cookie = 'user=Ada';
			const handshake = { 'sec-websocket-protocol': offered, cookie };
			const response = await app.upgrade(path, handshake);
			expect([response.status, response.body.toString()]).toEqual([
				status,
				expect.stringContaining(body)
			]);
			const probe = { 'x-websocket-probe': `1,${offered}`, cookie };
			const answer = await fetch(app.running.url + path, { headers: probe });
			expect([answer.status, await answer.text()]).toEqual([status, response.body.toString()]);
		});
	});

	describe(`${subject.name}: a volatile message`, () => {
		const app = new App(subject);

		test('reaches everyone on the topic but who has not taken what came before it, and its own peer', async () => {
			const [topic, tag] = [app.tag(), app.tag()];
			await using slow = await app.open(`/commands?tag=${tag}`);
			await using other = await app.open('/commands');
			await using talker = await app.open('/commands');
			for (const each of [slow, other, talker]) await ask(each, 'subscribe', topic);
			slow.ws.pause();
			tell(slow, 'fill');
			await app.noted(tag, ['handle /commands', 'open', 'filled true 0']);
			tell(talker, 'publish', topic, 'first');
			tell(talker, 'publishVolatile', topic, 'by a peer');
			tell(talker, 'publishAllVolatile', topic, 'by the app');
			tell(talker, 'publishAllVolatile', topic, '\u0016 marked');
			tell(talker, 'publish', topic, 'last');
			const heard = ['first', 'by a peer', 'by the app', '\u0016 marked', 'last'];
			for (const each of heard) expect(await other.message()).toBe(each);
			expect(await talker.message()).toBe('by the app');
			expect(await talker.message()).toBe('\u0016 marked');
			slow.ws.resume();
			await expect.poll(() => slow.received.at(-1)).toBe('last');
			const short = slow.received.filter((text) => text.length < 100);
			expect(short.slice(-2)).toEqual(['first', 'last']);
			slow.received.length = 0;
			tell(slow, 'dropped');
			await expect.poll(() => slow.received).toEqual(['{"did":"dropped","result":0}']);
			tell(talker, 'publishVolatile', topic, 'after all');
			await expect.poll(() => slow.received.at(-1)).toBe('after all');
		});
	});

	describe(`${subject.name}: a client that does not read`, () => {
		const app = new App(subject, 'base');

		test('is queued for, then messages are dropped, then it drains once; others do not wait', async () => {
			await using slow = await app.open('/base/commands');
			const { result: id } = (await ask(slow, 'id')) as { result: string };
			await using other = await app.open('/base/commands');
			slow.ws.pause();
			tell(slow, 'flood', 32 * 1024);
			const state = () => app.json<{ flood?: unknown[]; drains: number }>(`/base/floods?id=${id}`);
			await expect.poll(async () => (await state()).flood).toBeDefined();
			const { flood = [], drains } = await state();
			expect(flood.slice(0, 3)).toEqual(['sent', 'queued', 'dropped']);
			expect(flood[3]).toBeGreaterThan(0);
			expect(flood[3]).toBeLessThan(128 * 1024);
			expect(flood[4]).toBe(1);
			expect(drains).toBe(0);
			expect(await answers(other)).toBe(true);
			slow.ws.resume();
			await expect.poll(async () => (await state()).drains).toBe(1);
			await slow.message();
			tell(slow, 'echo', 'the queue is empty again');
			await expect.poll(() => slow.received.at(-1)).toBe('the queue is empty again');
			expect((await state()).drains).toBe(1);
			const lines = app.running.output().split('\n');
			expect(lines.filter((line) => line.includes('websocket.maxBackpressure'))).toEqual([
				expect.stringMatching(/loses messages .*\(\/commands, \d+ bytes are queued for it\)/)
			]);
		});
	});

	describe(`${subject.name}: a client that does not read, where slow peers are closed`, () => {
		const app = new App(subject, 'single');

		test('gets what was queued and 1013, and the hook is told why', async () => {
			const tag = app.tag();
			await using slow = await app.open(`/slow?tag=${tag}`);
			await slow.message();
			slow.ws.pause();
			slow.send('flood');
			await expect.poll(() => app.journal(tag)).toHaveLength(3);
			const [, sent = '', ended] = await app.journal(tag);
			expect(ended).toBe('close 1013 Too slow, backpressure, lost 1');
			slow.ws.resume();
			expect(await slow.closed).toEqual({ code: 1013, reason: 'Too slow' });
			expect(`sent ${slow.waiting}`).toBe(sent);
			expect(app.running.output()).toMatch(/closed at websocket\.maxBackpressure.*\(\*, \d+ bytes/);
		});
	});

	describe(`${subject.name}: a socket that the server ends`, () => {
		const app = new App(subject, 'base');

		test.for([
			['too_big', (client: Client) => client.send('x'.repeat(1001))],
			['invalid', (client: Client) => client.connection.write(Buffer.of(0xf1, 0x80, 0, 0, 0, 0))],
			['undefined', (client: Client) => client.ws.terminate()]
		] as const)('tells the hook why: %s', async ([cause, end]) => {
			const tag = app.tag();
			await using client = await app.open(`/base/causes?tag=${tag}`);
			end(client);
			await app.noted(tag, [`close 1006, ${cause}`], '/base');
		});

		test('for a message that is too large has a line in the log, with what to change', async () => {
			await using client = await app.open('/base/echo');
			client.send('x'.repeat(1001));
			await client.closed;
			await app.running.printed(
				/websocket\.maxPayload has ended its socket \(\/echo, 1000 bytes\)/
			);
		});
	});
}
