import { describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { ConnectionOptions, UrlSource } from '../../../../src/client/core/types.ts';
import { eachOnPage, ScriptedPage, type ScriptedSocket } from './page.ts';
import { record } from './record.ts';

/** What the client adds to the query where the server may be one of this package. */
const query = 'x-websocket-heartbeat=1&x-websocket-heartbeat=2&x-websocket-protocol=1.i0000000';

let page: ScriptedPage;

eachOnPage((made) => (page = made));

async function opened<In = unknown>(
	options: ConnectionOptions<In> = {},
	url: UrlSource = 'wss://elsewhere.example/chat'
): Promise<[Connection<In>, ScriptedSocket, ReturnType<typeof record<In>>]> {
	const connection = new Connection<In>(page, url, options);
	const told = record(connection);
	connection.open();
	const socket = await page.socket(1);
	socket.accept();
	return [connection, socket, told];
}

describe('opening', () => {
	it('does nothing before it is asked to', async () => {
		const connection = new Connection(page, '/chat');
		expect(connection.state.status).toBe('connecting');
		expect(new Connection(page, '/chat', { autoConnect: false }).state.status).toBe('closed');
		await vi.advanceTimersByTimeAsync(1000);
		expect(page.sockets).toHaveLength(0);
		expect(page.listeners).toBe(0);
	});

	it('connects at once, and only once', async () => {
		const [connection, , told] = await opened();
		connection.open();
		await vi.advanceTimersByTimeAsync(1000);
		expect(page.sockets).toHaveLength(1);
		expect(connection.state).toEqual({ status: 'open', attempts: 0, error: undefined });
		expect(told.open).toBe(1);
	});

	it.each([
		['/chat', `wss://app.example/chat?${query}`],
		['chat?b=%20+', `wss://app.example/room/chat?b=%20+&${query}`],
		['/chat?', `wss://app.example/chat?&${query}`],
		['ws://app.example:81/chat', 'ws://app.example:81/chat'],
		['https://elsewhere.example/chat#part', 'wss://elsewhere.example/chat'],
		['http://elsewhere.example/', 'ws://elsewhere.example/']
	])('makes of %s the URL %s', async (url, expected) => {
		new Connection(page, url).open();
		expect((await page.socket(1)).url).toBe(expected);
	});

	it.each([
		['/chat', '/base/chat'],
		['/', '/base/'],
		['/chat/a%20b?at=/base', '/base/chat/a%20b?at=/base'],
		['/../chat', '/base/chat'],
		['/basement', '/base/basement'],
		// as Kit's resolve has it
		['/base', '/base'],
		['/base/chat?a=1', '/base/chat?a=1'],
		['chat', '/room/chat'],
		['?b=2', '/room/1?b=2'],
		[new URL('https://app.example/chat'), '/chat'],
		['wss://app.example/chat', '/chat'],
		['//app.example/chat', '/chat']
	])('puts the base of the app before a path, and nothing else: %s', async (url, expected) => {
		page.base = '/base';
		for (const source of [url, () => url, async () => url]) {
			new Connection(page, source).open();
			const socket = await page.socket(page.sockets.length + 1);
			const { pathname, search, host } = new URL(socket.url);
			expect(host).toBe('app.example');
			expect((pathname + search).replace(`?${query}`, '').replace(`&${query}`, '')).toBe(expected);
		}
	});

	it('finds a base that has to be encoded', async () => {
		page.base = '/gr%C3%BC%C3%9Fe%20an';
		for (const path of ['/chat', '/gr\u00fc\u00dfe an/chat', '/gr%C3%BC%C3%9Fe%20an/chat']) {
			new Connection(page, path).open();
			const { url } = await page.socket(page.sockets.length + 1);
			expect(new URL(url).pathname).toBe('/gr%C3%BC%C3%9Fe%20an/chat');
		}
	});

	it.each(['ftp://app.example/', 'http://[', 'mailto:a@example.com'])(
		'gives up a URL that cannot be one: %s',
		async (url) => {
			const connection = new Connection(page, url);
			const told = record(connection);
			connection.open();
			await vi.advanceTimersByTimeAsync(60_000);
			expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'bad_url' } });
			expect(told.error).toEqual(['bad_url']);
			expect(page.listeners).toBe(0);
		}
	);

	it('asks for a URL and for protocols before every attempt', async () => {
		let asked = 0;
		const connection = new Connection(
			page,
			async () => `wss://elsewhere.example/?token=${(asked += 1)}`,
			{ protocols: async () => [`protocol-${asked}`] }
		);
		connection.open();
		const first = await page.socket(1);
		first.fail();
		const second = await page.socket(2);
		expect([first.url, second.url]).toEqual([
			'wss://elsewhere.example/?token=1',
			'wss://elsewhere.example/?token=2'
		]);
		expect(second.protocols).toEqual(['protocol-2']);
		expect(asked).toBe(2);
	});

	it('tries again when the URL could not be had', async () => {
		let asked = 0;
		const connection = new Connection(page, () => {
			if ((asked += 1) < 3) throw new Error('The token server is down');
			return 'wss://elsewhere.example/';
		});
		const told = record(connection);
		connection.open();
		(await page.socket(1)).accept();
		expect(asked).toBe(3);
		expect(told).toMatchObject({ open: 1, error: ['unreachable', 'unreachable'] });
	});

	it.each([undefined, null, 'text'])('tries again when that fails with %s', async (reason) => {
		let asked = 0;
		const connection = new Connection(page, () =>
			(asked += 1) === 1 ? Promise.reject(reason) : 'wss://elsewhere.example/'
		);
		connection.open();
		(await page.socket(1)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('has nothing to do where the URL is null', async () => {
		const connection = new Connection(page, () => null);
		const told = record(connection);
		connection.open();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(connection.state).toEqual({ status: 'closed', attempts: 0, error: undefined });
		expect(told).toEqual({ open: 0, message: [], close: [], error: [] });
	});
});

describe('messages', () => {
	it('are JSON, or else text, or bytes', async () => {
		const [connection, socket, told] = await opened();
		const bytes = new Uint8Array([1, 2]).buffer;
		for (const data of ['{"a":1}', '[1]', '"text"', 'text', '', '{', bytes]) socket.receive(data);
		const expected = [{ a: 1 }, [1], 'text', 'text', '', '{', bytes];
		expect(told.message).toEqual(expected);
		expect(connection.messages).toEqual(expected);
		expect(socket.binaryType).toBe('arraybuffer');
	});

	it('are kept up to the length of the history', async () => {
		const [connection, socket, told] = await opened({ history: 2 });
		const before = connection.messages;
		for (const data of ['1', '2', '3']) socket.receive(data);
		expect(connection.messages).toEqual([2, 3]);
		expect(before).toEqual([]);
		expect(told.message).toEqual([1, 2, 3]);
	});

	it('are not kept where there is no history', async () => {
		const [connection, socket, told] = await opened({ history: 0 });
		socket.receive('1');
		expect(connection.messages).toEqual([]);
		expect(told.message).toEqual([1]);
	});

	it('go out as JSON, or as text or bytes', async () => {
		const [connection, socket] = await opened();
		const view = new Uint8Array([1, 2]);
		const blob = new Blob(['a']);
		for (const value of [{ a: 1 }, 'text', 1, null, view, view.buffer, blob]) {
			expect(connection.send(value)).toBe(true);
		}
		expect(socket.sent).toEqual(['{"a":1}', 'text', '1', 'null', view, view.buffer, blob]);
		expect(() => connection.send(undefined)).toThrow('This cannot be sent to a socket (undefined)');
		expect(() => connection.send(1n)).toThrow('This cannot be sent to a socket');
	});

	it('of a socket that has ended are not heard on the next one', async () => {
		const [, socket, told] = await opened();
		socket.end(1006);
		const next = await page.socket(2);
		next.accept();
		socket.receive('1');
		next.receive('2');
		expect(told.message).toEqual([2]);
	});

	it('a listener that throws stops neither the others nor the connection', async () => {
		const failed = Promise.withResolvers<unknown>();
		process.once('uncaughtException', failed.resolve);
		const [connection, socket, told] = await opened();
		connection.on('message', () => {
			throw new Error('a listener broke');
		});
		const second = vi.fn();
		connection.on('message', second);
		socket.receive('1');
		expect(told.message).toEqual([1]);
		expect(second).toHaveBeenCalledWith(1);
		expect(await failed.promise).toMatchObject({ message: 'a listener broke' });
	});

	it('a listener that is added twice is called twice, and taken back once each', async () => {
		const [connection, socket] = await opened();
		const listener = vi.fn();
		const stops = [connection.on('message', listener), connection.on('message', listener)];
		socket.receive('1');
		expect(listener).toHaveBeenCalledTimes(2);
		stops[0]?.();
		socket.receive('2');
		expect(listener).toHaveBeenCalledTimes(3);
	});
});

describe('the queue', () => {
	it('keeps what is sent before there is a connection, in order, and refuses what is too much', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/', { queue: 2 });
		expect([connection.send(1), connection.send(2), connection.send(3)]).toEqual([
			true,
			true,
			false
		]);
		connection.open();
		const socket = await page.socket(1);
		expect(socket.sent).toEqual([]);
		socket.accept();
		connection.send(4);
		expect(socket.sent).toEqual(['1', '2', '4']);
	});

	it('keeps a value as it was', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		const value = { a: 1 };
		const bytes = new Uint8Array([1]);
		connection.send(value);
		connection.send(bytes);
		value.a = 2;
		bytes[0] = 2;
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		expect(socket.sent).toEqual(['{"a":1}', new Uint8Array([1])]);
	});

	it('keeps what is sent while a connection is lost, and while it closes', async () => {
		const [connection, first] = await opened();
		first.readyState = WebSocket.CLOSING;
		expect(connection.state.status).toBe('open');
		expect(connection.send('while it closes')).toBe(true);
		first.end(1001);
		expect(connection.send('while there is none')).toBe(true);
		const second = await page.socket(2);
		second.accept();
		expect(first.sent).toEqual([]);
		expect(second.sent).toEqual(['while it closes', 'while there is none']);
	});

	it('reports what waits when it ends for good', async () => {
		const [connection, first, told] = await opened();
		first.end(1001);
		connection.send('waiting');
		const second = await page.socket(2);
		second.accept();
		expect(second.sent).toEqual(['waiting']);
		second.readyState = WebSocket.CLOSING;
		connection.send('too late');
		second.end(4403);
		expect(told.close.at(-1)).toEqual({
			code: 4403,
			reason: '',
			unconfirmed: ['waiting', 'too late']
		});
		connection.open();
		const third = await page.socket(3);
		third.accept();
		expect(third.sent).toEqual([]);
	});

	it('refuses everything once the connection is closed', async () => {
		const [connection] = await opened();
		connection.close();
		expect(connection.send(1)).toBe(false);
	});

	it('what waits when it is closed is reported', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		const told = record(connection);
		connection.send('a');
		connection.close();
		expect(told.close).toEqual([{ code: 1000, reason: '', unconfirmed: ['a'] }]);
	});
});

describe('what a listener sends when it opens', () => {
	it('goes before what waits, in its order, with every connection', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/', { queue: 2 });
		connection.send('a');
		connection.send('b');
		connection.on('open', () => {
			expect(connection.send('auth')).toBe(true);
			expect(connection.send({ room: 1 })).toBe(true);
		});
		connection.on('open', () => connection.send('hello'));
		connection.open();
		const first = await page.socket(1);
		first.accept();
		connection.send('c');
		expect(first.sent).toEqual(['auth', '{"room":1}', 'hello', 'a', 'b', 'c']);
		first.end(1001);
		connection.send('d');
		const second = await page.socket(2);
		second.accept();
		expect(second.sent).toEqual(['auth', '{"room":1}', 'hello', 'd']);
	});

	it('is the same for whoever listens to the state, as stores do', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		connection.send('a');
		connection.on('state', () => connection.state.status === 'open' && connection.send('auth'));
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		expect(socket.sent).toEqual(['auth', 'a']);
	});

	it('does not depend on one that throws', async () => {
		const failed = Promise.withResolvers<unknown>();
		process.once('uncaughtException', failed.resolve);
		const connection = new Connection(page, 'wss://elsewhere.example/');
		connection.send('a');
		connection.on('open', () => {
			connection.send('auth');
			throw new Error('a listener broke');
		});
		connection.on('open', () => connection.send('hello'));
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		connection.send('b');
		expect(socket.sent).toEqual(['auth', 'hello', 'a', 'b']);
		expect(await failed.promise).toMatchObject({ message: 'a listener broke' });
	});

	it('is nothing to what it has closed, or left', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		const told = record(connection);
		connection.send('a');
		const stop = connection.on('open', () => connection.reconnect());
		connection.open();
		const first = await page.socket(1);
		first.accept();
		stop();
		expect(first.sent).toEqual([]);
		const second = await page.socket(2);
		second.accept();
		expect(second.sent).toEqual(['a']);
		second.end(1001);
		connection.send('b');
		connection.on('open', () => connection.close());
		const third = await page.socket(3);
		third.accept();
		expect(third.sent).toEqual([]);
		expect(told.close.at(-1)).toEqual({ code: 1000, reason: '', unconfirmed: ['b'] });
	});
});

describe('reconnecting', () => {
	it('waits longer after every failure, up to 30 seconds', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		connection.open();
		const delays: number[] = [];
		for (let count = 1; count < 12; count += 1) {
			(await page.socket(count)).fail();
			const failedAt = Date.now();
			expect(connection.state).toMatchObject({ status: 'reconnecting', attempts: count });
			await page.socket(count + 1);
			delays.push(Date.now() - failedAt);
		}
		expect(delays[0]).toBeLessThanOrEqual(1100);
		expect(delays).toEqual(delays.toSorted((a, b) => a - b));
		expect(delays.at(-1)).toBeGreaterThanOrEqual(30_000);
		expect(delays.at(-1)).toBeLessThanOrEqual(30_100);
	});

	it('waits between a half and one and a half of that', async () => {
		for (const [random, expected] of [
			[0, 500],
			[1, 1500]
		] as const) {
			vi.mocked(Math.random).mockReturnValue(random);
			page = new ScriptedPage();
			new Connection(page, 'wss://elsewhere.example/').open();
			(await page.socket(1)).fail();
			await vi.advanceTimersByTimeAsync(expected - 10);
			expect(page.sockets).toHaveLength(1);
			await vi.advanceTimersByTimeAsync(20);
			expect(page.sockets).toHaveLength(2);
		}
	});

	it.each([1000, 1001, 1006, 1011, 4000])('comes back after a close with %i', async (code) => {
		const [connection, first, told] = await opened();
		first.end(code, 'why');
		expect(connection.state).toMatchObject({
			status: 'reconnecting',
			attempts: 0,
			error: { code: 'closed', closeCode: code }
		});
		expect(told.close).toEqual([{ code, reason: 'why', unconfirmed: [] }]);
		(await page.socket(2)).accept();
		expect(connection.state).toEqual({ status: 'open', attempts: 0, error: undefined });
	});

	it.each([1008, 4401, 4403])('ends with a close with %i', async (code) => {
		const [connection, socket, told] = await opened();
		socket.end(code, 'why');
		await vi.advanceTimersByTimeAsync(120_000);
		expect(connection.state).toMatchObject({ status: 'closed', error: { closeCode: code } });
		expect(page.sockets).toHaveLength(1);
		expect(page.listeners).toBe(0);
		expect(told.close).toHaveLength(1);
	});

	it('tells of a connection that breaks with the code 1006, once', async () => {
		const [, socket, told] = await opened();
		socket.fail();
		expect(told.close).toEqual([{ code: 1006, reason: '', unconfirmed: [] }]);
		expect(told.error).toEqual([]);
	});

	it('gives up after as many attempts as it may, and begins anew when the network comes back', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/', {
			maxReconnectAttempts: 2
		});
		connection.open();
		for (const count of [1, 2, 3]) (await page.socket(count)).fail();
		expect(connection.state).toMatchObject({ status: 'closed', attempts: 3 });
		await vi.advanceTimersByTimeAsync(120_000);
		expect(page.sockets).toHaveLength(3);
		page.tell('wake');
		await page.socket(4);
	});

	it('does not begin anew after a final code, though its attempts were used up as well', async () => {
		const [connection, socket] = await opened({ maxReconnectAttempts: 0 });
		socket.end(4403);
		page.tell('wake');
		await vi.advanceTimersByTimeAsync(120_000);
		expect(connection.state.status).toBe('closed');
		expect(page.sockets).toHaveLength(1);
		expect(page.listeners).toBe(0);
	});

	it('does not come back where it is not to', async () => {
		const [connection, socket] = await opened({ reconnect: false });
		socket.end(1001);
		await vi.advanceTimersByTimeAsync(120_000);
		expect(connection.state).toMatchObject({ status: 'closed', error: { closeCode: 1001 } });
		expect(page.sockets).toHaveLength(1);
	});

	it.each([
		[0, 1600],
		[4900, 1600],
		[5000, 1000],
		[600_000, 1000]
	])(
		'takes a connection that has lasted %i ms for one that lasts, or for another failure: %i ms',
		async (lasted, expected) => {
			const connection = new Connection(page, 'wss://elsewhere.example/');
			connection.open();
			(await page.socket(1)).fail();
			const second = await page.socket(2);
			second.accept();
			await vi.advanceTimersByTimeAsync(lasted);
			second.end(1001);
			await vi.advanceTimersByTimeAsync(expected - 10);
			expect(page.sockets).toHaveLength(2);
			await vi.advanceTimersByTimeAsync(20);
			expect(page.sockets).toHaveLength(3);
		}
	);

	it('counts attempts that lead to a moment of connection, as a server that crashes gives', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/', {
			maxReconnectAttempts: 3
		});
		connection.open();
		for (const count of [1, 2, 3, 4]) {
			const socket = await page.socket(count);
			socket.accept();
			await vi.advanceTimersByTimeAsync(1000);
			socket.end(1011);
		}
		await vi.advanceTimersByTimeAsync(120_000);
		expect(page.sockets).toHaveLength(4);
		expect(connection.state).toMatchObject({ status: 'closed', error: { closeCode: 1011 } });
	});

	it.each([
		['open', WebSocket.OPEN],
		['about to close', WebSocket.CLOSING]
	])('hears nothing more of what it has left, though that was %s', async (_, readyState) => {
		const [connection, first, told] = await opened();
		first.readyState = readyState;
		connection.reconnect();
		first.receive('"late"');
		(await page.socket(2)).accept();
		first.receive('"later"');
		first.end(1000);
		expect(told.message).toEqual([]);
		expect(connection.messages).toEqual([]);
		expect(connection.state.status).toBe('open');
		expect(told.close).toHaveLength(1);
	});

	it('makes another connection at once when it is asked to', async () => {
		const [connection, first, told] = await opened();
		connection.reconnect();
		expect(first.closed).toEqual({ code: 1000, reason: '' });
		await vi.advanceTimersByTimeAsync(1);
		expect(page.sockets).toHaveLength(2);
		expect(told.close).toHaveLength(1);
	});

	it('does what a listener asks for amid the end of a connection', async () => {
		const [connection, first] = await opened();
		const stop = connection.on('close', () => connection.reconnect());
		first.end(1001);
		stop();
		await vi.advanceTimersByTimeAsync(1);
		expect(page.sockets).toHaveLength(2);
		(await page.socket(2)).accept();
		connection.on('close', () => connection.close());
		page.sockets[1]?.end(1001);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(page.sockets).toHaveLength(2);
		expect(connection.state).toMatchObject({ status: 'closed', error: undefined });
	});
});

describe('closing', () => {
	it('is told to the server and to listeners, and ends all attempts', async () => {
		const [connection, socket, told] = await opened();
		connection.close(4000, 'bye');
		expect(socket.closed).toEqual({ code: 4000, reason: 'bye' });
		socket.end(4000, 'bye');
		await vi.advanceTimersByTimeAsync(60_000);
		expect(connection.state).toEqual({ status: 'closed', attempts: 0, error: undefined });
		expect(told.close).toEqual([{ code: 4000, reason: 'bye', unconfirmed: [] }]);
		expect(page.sockets).toHaveLength(1);
		expect(page.listeners).toBe(0);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('ends an attempt that waits for its time, and one that is on its way', async () => {
		for (const isWaiting of [true, false]) {
			page = new ScriptedPage();
			const connection = new Connection(page, 'wss://elsewhere.example/');
			connection.open();
			const first = await page.socket(1);
			if (isWaiting) first.fail();
			connection.close();
			await vi.advanceTimersByTimeAsync(60_000);
			expect(page.sockets).toHaveLength(1);
			expect(connection.state.status).toBe('closed');
		}
	});

	it.each([
		[1001, ''],
		[999, ''],
		[5000, ''],
		[1000.5, ''],
		[1000, 'ä'.repeat(62)]
	])('refuses the code %d with the reason "%s", and stays open', async (code, reason) => {
		const [connection] = await opened();
		expect(() => connection.close(code, reason)).toThrow(
			'A socket is closed with 1000 or 3000 to 4999'
		);
		expect(connection.state.status).toBe('open');
	});

	it('can be followed by another opening', async () => {
		const [connection] = await opened();
		connection.close();
		connection.open();
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('is what an abort signal does, before as well as after the opening', async () => {
		const controller = new AbortController();
		const [connection] = await opened({ signal: controller.signal });
		controller.abort();
		expect(connection.state.status).toBe('closed');
		expect(page.listeners).toBe(0);
		connection.open();
		await vi.advanceTimersByTimeAsync(1000);
		expect(connection.state.status).toBe('closed');
		expect(page.sockets).toHaveLength(1);
	});
});

describe('moving to another URL', () => {
	it('forgets what came from the first, and reports what did not go out', async () => {
		const [connection, first, told] = await opened();
		first.receive('1');
		first.end(1001);
		connection.send('for the first');
		connection.moveTo('wss://elsewhere.example/second');
		expect(connection.messages).toEqual([]);
		expect(told.close.at(-1)?.unconfirmed).toEqual(['for the first']);
		const second = await page.socket(2);
		expect(second.url).toBe('wss://elsewhere.example/second');
		second.accept();
		expect(second.sent).toEqual([]);
	});

	it('is a reason to try again where the first was refused, and none where it was closed', async () => {
		const [connection, first] = await opened();
		first.end(4403);
		connection.moveTo('wss://elsewhere.example/second');
		await page.socket(2);
		connection.close();
		connection.moveTo('wss://elsewhere.example/third');
		await vi.advanceTimersByTimeAsync(1000);
		expect(page.sockets).toHaveLength(2);
	});
});

describe('the page', () => {
	it('hurries an attempt that waits for its time when the network comes back', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		connection.open();
		for (let count = 1; count < 8; count += 1) (await page.socket(count)).fail();
		page.tell('wake');
		await vi.advanceTimersByTimeAsync(1);
		expect(page.sockets).toHaveLength(8);
		expect(connection.state).toMatchObject({ status: 'reconnecting', attempts: 7 });
	});

	it('leaves an attempt that is on its way alone, the first and any other', async () => {
		new Connection(page, 'wss://elsewhere.example/').open();
		for (const count of [1, 2]) {
			const socket = await page.socket(count);
			page.tell('wake');
			await vi.advanceTimersByTimeAsync(1);
			expect(page.sockets).toHaveLength(count);
			expect(socket.closed).toBeUndefined();
			socket.fail();
		}
	});

	it('takes its connection along neither into the back/forward cache nor out of it', async () => {
		const [connection, first] = await opened();
		page.tell('hide');
		expect(first.closed).toBeDefined();
		connection.send('while hidden');
		await vi.advanceTimersByTimeAsync(60_000);
		expect(page.sockets).toHaveLength(1);
		page.tell('show');
		const second = await page.socket(2);
		second.accept();
		expect(second.sent).toEqual(['while hidden']);
	});
});
