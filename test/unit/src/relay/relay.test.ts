import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kinds } from '../../../../src/server/bus/kinds.ts';
import { encodeFrame, ops } from '../../../../src/server/relay/frames.ts';
import { pieceSize } from '../../../../src/server/relay/pieces.ts';
import { transit } from '../../../../src/server/relay/relayed-socket.ts';
import { FakeExchange } from '../../support/exchange.ts';
import {
	OpeningExchange,
	Recorder,
	relayedSocket,
	turn,
	twoProcesses,
	type RelayingProcess
} from '../../support/relay.ts';

const round = 5000;
const ended1012 = { code: 1012, reason: 'The process of this socket is gone' };

beforeEach(
	() =>
		void vi.useFakeTimers({
			toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval']
		})
);
afterEach(() => void vi.useRealTimers());

/** Nothing of any socket is left in either process. */
function expectNothingLeft(...processes: RelayingProcess[]): void {
	for (const { relay } of processes) {
		expect(relay.sizes).toEqual({ outpost: 0, home: 0 });
		expect([...relay.guests.open()]).toEqual([]);
		expect(relay.extra).toBe(0);
	}
}

describe('a request that is relayed', () => {
	const asked = {
		target: '/_/connect/key?a=1',
		headers: [
			['host', 'example.com'],
			['cookie', 'caf\u00e9=1'],
			['x-forwarded-for', '10.0.0.1'],
			['x-forwarded-for', '10.0.0.2']
		] as const,
		address: '192.0.2.1'
	};

	it('is the same in the other process', async () => {
		const { wire, outpost, home } = twoProcesses();
		void outpost.relay.ask(home.id, new FakeExchange(asked), true);
		const probes: boolean[] = [];
		home.decide = (_, isProbe) => void probes.push(isProbe);
		wire.deliver();
		const [exchange] = home.exchanges;
		expect(exchange).toMatchObject({ method: 'GET', ...asked, isRemote: true });
		expect(exchange?.header('x-forwarded-for')).toBe('10.0.0.1, 10.0.0.2');
		expect(exchange?.body()).toBeNull();
		expect(probes).toEqual([true]);
	});

	it('is answered there: with bytes, with nothing, and with a stream', async () => {
		const answers = [
			{ body: Buffer.from('Sign in'), expected: 'Sign in' },
			{ body: 'Sign in', expected: 'Sign in' },
			{ body: Buffer.alloc(3 * pieceSize, 'x'), expected: 'x'.repeat(3 * pieceSize) },
			{ body: null, expected: '' }
		];
		for (const { body, expected } of answers) {
			const { wire, outpost, home } = twoProcesses();
			home.decide = (exchange) => exchange.send({ status: 401, headers: [['x-a', 'b']] }, body);
			const exchange = new FakeExchange();
			const outcome = outpost.relay.ask(home.id, exchange, false);
			wire.deliver();
			expect(await outcome).toEqual({ isDecided: true });
			const [sent] = exchange.sent;
			expect(sent?.head).toMatchObject({ status: 401, headers: [['x-a', 'b']] });
			expect(Buffer.from((sent?.body as Uint8Array | null) ?? '').toString()).toBe(expected);
			expectNothingLeft(outpost, home);
		}
	});

	it('streams an answer no faster than the client takes it', async () => {
		const { wire, outpost, home } = twoProcesses();
		let read = 0;
		const source = {
			read: async () => {
				read += 1;
				if (read > 8) return { done: true as const };
				return { done: false as const, value: new Uint8Array(pieceSize).fill(read) };
			},
			cancel: () => Promise.resolve()
		};
		home.decide = (exchange) => exchange.send({ status: 403, headers: [] }, source);
		const exchange = new FakeExchange();
		const sent = Promise.withResolvers<void>();
		vi.spyOn(exchange, 'send').mockImplementation((head, answer) => {
			exchange.sent.push({ head, body: answer });
			return sent.promise;
		});
		void outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await turn();
		wire.deliver();
		expect(read).toBeLessThan(4);
		const body = exchange.sent[0]?.body as typeof source;
		const taken: number[] = [];
		for (;;) {
			let isRead = false;
			const result = body.read().finally(() => (isRead = true));
			while (!isRead) {
				await vi.advanceTimersByTimeAsync(20);
				wire.deliver();
				await turn();
			}
			const { done, value } = await result;
			if (done) break;
			taken.push(value[0] ?? 0);
		}
		expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		sent.resolve();
		await turn();
		expectNothingLeft(outpost, home);
	});

	it('announces the length of a stream that has one', async () => {
		const { wire, outpost, home } = twoProcesses();
		const source = {
			read: async () => ({ done: false as const, value: Buffer.from('hello') }),
			cancel: () => Promise.resolve()
		};
		home.decide = (exchange) =>
			exchange.send({ status: 403, headers: [['content-length', '5']] }, source);
		const exchange = new FakeExchange();
		void outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await turn();
		wire.deliver();
		expect(exchange.sent[0]?.head.headers).toEqual([['content-length', '5']]);
	});

	it('becomes a socket with the headers and the subprotocol of the answer', async () => {
		const { outcome, exchange, home, session } = await relayedSocket();
		expect(await outcome).toEqual({ isDecided: true });
		expect(exchange.accepted[0]?.head).toEqual({ headers: [['x-a', '1']] });
		expect(session.heard).toEqual(['open']);
		expect(home.exchanges[0]?.isAnswered).toBe(true);
	});

	it('is aborted there when the client leaves, and can no longer be accepted', async () => {
		const { wire, outpost, home } = twoProcesses();
		const exchange = new FakeExchange();
		const outcome = outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		const reasons: unknown[] = [];
		home.exchanges[0]?.onAbort((reason) => reasons.push(reason));
		exchange.abort();
		wire.deliver();
		expect(await outcome).toEqual({ isDecided: true });
		expect(reasons).toHaveLength(1);
		const session = new Recorder();
		expect(home.exchanges[0]?.accept({ headers: [] }, session)).toBe(false);
		expect(session.heard).toEqual([]);
		expectNothingLeft(outpost, home);
	});

	it('ends at once as a socket whose client has left before it was told', async () => {
		const { wire, outpost, home } = twoProcesses();
		const session = new Recorder();
		home.decide = (exchange) => void exchange.accept({ headers: [] }, session);
		const exchange = new FakeExchange();
		exchange.aborted = true;
		void outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await turn();
		wire.deliver();
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(outpost, home);
	});

	it('is cut where the other process cuts it', async () => {
		const { wire, outpost, home } = twoProcesses();
		home.decide = (exchange) => exchange.cut(new Error('enough'));
		const exchange = new FakeExchange();
		const outcome = outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await outcome;
		expect(exchange.aborted).toBe(true);
		expectNothingLeft(outpost, home);
	});

	it('is answered 500 if deciding fails, which is reported', async () => {
		const { wire, outpost, home } = twoProcesses();
		home.decide = () => Promise.reject(new Error('broken'));
		const exchange = new FakeExchange();
		const outcome = outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await turn();
		wire.deliver();
		await outcome;
		expect(exchange.sent[0]?.head.status).toBe(500);
		expect(home.errors).toHaveLength(1);
		expectNothingLeft(outpost, home);
	});

	it.each([
		['does not answer for three seconds', 'known', 2999],
		['was never heard of, and does not answer for one second', 'unknown', 999]
	])('is undecided where the other process %s', async (_, kind, time) => {
		const { wire, outpost, home } = twoProcesses();
		wire.loses = () => true;
		const exchange = new FakeExchange();
		const outcome = outpost.relay.ask(kind === 'known' ? home.id : '0123456789ab', exchange, false);
		await vi.advanceTimersByTimeAsync(time);
		expect(outpost.relay.sizes.outpost).toBe(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(await outcome).toEqual({ isDecided: false, why: 'it does not answer' });
		expect(exchange.isAnswered).toBe(false);
		expectNothingLeft(outpost);
	});

	it('may take its time once the other process has said that it decides', async () => {
		const { wire, outpost, home } = twoProcesses();
		const exchange = new OpeningExchange();
		void outpost.relay.ask(home.id, exchange, false);
		wire.deliver();
		await vi.advanceTimersByTimeAsync(4000);
		const session = new Recorder();
		home.exchanges[0]?.accept({ headers: [] }, session);
		wire.deliver();
		await turn();
		expect(exchange.accepted).toHaveLength(1);
	});

	it('is undecided when the other process is gone', async () => {
		const { wire, outpost, home } = twoProcesses();
		const outcome = outpost.relay.ask(home.id, new FakeExchange(), false);
		wire.deliver();
		wire.leave(home.id);
		expect(await outcome).toEqual({ isDecided: false, why: 'it is gone' });
		expectNothingLeft(outpost);
	});

	it('is aborted when the process that has the client is gone', () => {
		const { wire, outpost, home } = twoProcesses();
		void outpost.relay.ask(home.id, new FakeExchange(), false);
		wire.deliver();
		wire.leave(outpost.id);
		expect(home.exchanges[0]?.aborted).toBe(true);
		expectNothingLeft(home);
	});
});

describe('a relayed socket', () => {
	it('hears text and bytes of any length, each in a buffer of its own', async () => {
		const { wire, client, session } = await relayedSocket();
		const messages = [
			'gr\u00fc\u00df dich \u{1f44b}',
			'',
			new Uint8Array(0),
			Uint8Array.of(0, 255),
			new Uint8Array(2 * pieceSize + 1).fill(7),
			'\u65e5'.repeat(pieceSize)
		];
		for (const message of messages) client.message(message);
		wire.deliver();
		expect(session.heard).toEqual(['open', ...messages]);
		for (const each of session.heard) {
			if (each instanceof Uint8Array) expect(each.buffer.byteLength).toBe(each.byteLength);
		}
	});

	it('sends text and bytes of any length, and says which are to be compressed', async () => {
		const { wire, socket, connection } = await relayedSocket();
		const bytes = new Uint8Array(2 * pieceSize).fill(7);
		expect(socket.send('gr\u00fc\u00df', true)).toBe('sent');
		expect(socket.send(bytes, false)).toBe('queued');
		bytes.fill(0);
		socket.send('', false);
		wire.deliver();
		expect(connection.sent).toEqual([
			{ data: 'gr\u00fc\u00df', compress: true },
			{ data: new Uint8Array(2 * pieceSize).fill(7), compress: false },
			{ data: '', compress: false }
		]);
	});

	it('pings, and is cut', async () => {
		const { wire, outpost, home, socket, connection, session } = await relayedSocket();
		socket.ping();
		socket.terminate();
		wire.deliver();
		expect([connection.pings.length, connection.terminated]).toEqual([1, 1]);
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(outpost, home);
	});

	it('is closed at once for whoever closes it, with the same words for the client', async () => {
		const { wire, outpost, home, socket, connection, session } = await relayedSocket();
		socket.send('last', false);
		socket.close(4001, 'gr\u00fc\u00df', 'backpressure');
		expect(session.heard[1]).toEqual({
			code: 4001,
			reason: 'gr\u00fc\u00df',
			cause: 'backpressure'
		});
		expect(socket.send('late', false)).toBe('dropped');
		wire.deliver();
		expect(connection.sent.map(({ data }) => data)).toEqual(['last']);
		expect(connection.closed).toEqual([{ code: 4001, reason: 'gr\u00fc\u00df' }]);
		expectNothingLeft(outpost, home);
	});

	it('has ended as the client has ended it, with its code, its reason and the cause', async () => {
		const { wire, outpost, home, client, session } = await relayedSocket();
		client.message('last');
		client.close(4002, 'bye', 'too_big');
		wire.deliver();
		expect(session.heard).toEqual([
			'open',
			'last',
			{ code: 4002, reason: 'bye', cause: 'too_big' }
		]);
		expectNothingLeft(outpost, home);
	});

	it('can be closed where its connection is, as by a shutdown there', async () => {
		const { wire, outpost, home, connection, session } = await relayedSocket();
		for (const guest of outpost.relay.guests.open()) guest.close(1001, 'Server is shutting down');
		wire.deliver();
		const ending = { code: 1001, reason: 'Server is shutting down' };
		expect(connection.closed).toEqual([ending]);
		expect(session.heard).toEqual(['open', ending]);
		expectNothingLeft(outpost, home);
	});

	it('counts as a connection where its connection is, and not where its session is', async () => {
		const { outpost, home } = await relayedSocket();
		expect([outpost.relay.extra, home.relay.extra]).toEqual([1, -1]);
	});
});

describe('topics of a relayed socket', () => {
	it('bring it what is published in the process of its session', async () => {
		const { wire, home, socket, connection } = await relayedSocket();
		socket.subscribe('news');
		expect(home.hub.subscribers('news')).toBe(home.engine.subscribers('news') + 1);
		home.hub.publish('news', 'to all', true);
		socket.publish('news', 'to others', false);
		socket.unsubscribe('news');
		home.hub.publish('news', 'too late', false);
		wire.deliver();
		expect(connection.sent).toEqual([{ data: 'to all', compress: true }]);
		expect(home.engine.published.map(({ data }) => data)).toEqual([
			'to all',
			'to others',
			'too late'
		]);
	});

	it('are left when it ends', async () => {
		const { wire, home, client, socket } = await relayedSocket();
		socket.subscribe('news');
		client.close(1000, '');
		wire.deliver();
		expect(home.hub.subscribers('news')).toBe(home.engine.subscribers('news'));
		socket.subscribe('news');
		expect(home.hub.subscribers('news')).toBe(home.engine.subscribers('news'));
	});
});

describe('a slow client of a relayed socket', () => {
	const large = new Uint8Array(pieceSize);

	it('loses nothing of what was let through, and what it loses is counted and told of once', async () => {
		const { wire, client, connection, socket, session } = await relayedSocket();
		connection.bufferedAmount = 1024 * 1024 + 1;
		let count = 0;
		while (socket.send(large, false) !== 'dropped') count += 1;
		expect(count * pieceSize).toBeGreaterThan(transit);
		socket.send('lost', false);
		expect(socket.dropped).toBe(2);
		wire.deliver();
		expect(connection.sent).toEqual([]);
		await turn();
		expect(session.heard).toEqual(['open', 'overflow']);
		connection.bufferedAmount = 0;
		client.drain();
		expect(connection.sent).toHaveLength(count);
		await vi.advanceTimersByTimeAsync(20);
		wire.deliver();
		expect(session.heard).toEqual(['open', 'overflow', 'drain']);
		expect([socket.bufferedAmount, socket.send('again', false)]).toEqual([0, 'sent']);
	});

	it('is known to be slow once it was heard of: then no more than maxBackpressure waits for it', async () => {
		const { wire, connection, socket } = await relayedSocket();
		connection.bufferedAmount = 1024 * 1024 + 1;
		for (let bytes = 0; bytes <= 1024 * 1024; bytes += pieceSize) socket.send(large, false);
		wire.deliver();
		expect(socket.send('one more', false)).toBe('queued');
		await vi.advanceTimersByTimeAsync(20);
		wire.deliver();
		expect(socket.send('too much', false)).toBe('dropped');
	});

	it('gets what is held for it, and the close frame after it', async () => {
		const { wire, outpost, home, client, connection, socket } = await relayedSocket();
		connection.bufferedAmount = 2 * 1024 * 1024;
		socket.send('held', false);
		socket.close(4001, 'bye');
		wire.deliver();
		expect([connection.sent, connection.closed]).toEqual([[], []]);
		expect([outpost.relay.guests.size, outpost.relay.guests.count]).toEqual([1, 0]);
		client.message('too late');
		connection.bufferedAmount = 0;
		client.drain();
		expect(connection.sent).toHaveLength(1);
		expect(connection.closed).toEqual([{ code: 4001, reason: 'bye' }]);
		expect(outpost.relay.guests.size).toBe(0);
		expectNothingLeft(outpost, home);
	});

	it('can be cut while the last bytes leave, and for a minute at most', async () => {
		for (const [rounds, times] of [
			[3, 1],
			[14, 0]
		] as const) {
			const { wire, connection, socket } = await relayedSocket();
			connection.bufferedAmount = 2 * 1024 * 1024;
			socket.send('held', false);
			socket.close(4001, 'bye');
			wire.deliver();
			await vi.advanceTimersByTimeAsync(rounds * round);
			const before = connection.terminated;
			socket.terminate();
			wire.deliver();
			// By then it was cut for taking nothing, too.
			expect(connection.terminated - before).toBe(times);
		}
	});

	it('is closed with 1008 if it sends more than the other process takes', async () => {
		const { wire, outpost, home, client, connection, session } = await relayedSocket();
		for (let count = 0; count < 10; count += 1) client.message(large);
		expect(connection.closed).toEqual([{ code: 1008, reason: 'Too many messages are waiting' }]);
		wire.deliver();
		expect(session.heard.at(-1)).toEqual({ code: 1008, reason: 'Too many messages are waiting' });
		expectNothingLeft(outpost, home);
	});

	it('may go on sending where they are taken', async () => {
		const { wire, client, connection, session } = await relayedSocket();
		for (let count = 0; count < 30; count += 1) {
			client.message(large);
			wire.deliver();
			await vi.advanceTimersByTimeAsync(20);
			wire.deliver();
		}
		expect(connection.closed).toEqual([]);
		expect(session.heard).toHaveLength(31);
	});
});

describe('a relayed socket whose other process is lost', () => {
	it('is closed with 1012 where the process of its session is gone', async () => {
		const { wire, outpost, home, connection } = await relayedSocket();
		wire.leave(home.id);
		expect(connection.closed).toEqual([ended1012]);
		expectNothingLeft(outpost);
	});

	it('ends with 1006 where the process of its connection is gone', async () => {
		const { wire, outpost, home, session } = await relayedSocket();
		wire.leave(outpost.id);
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(home);
	});

	it.each([
		['to its session', ops.text, false],
		['to its connection', ops.text, true]
	])('ends at both ends when a message %s is lost, at the next one', async (_, op, isFromHome) => {
		const { wire, outpost, home, client, connection, session, socket } = await relayedSocket();
		let lost = 0;
		wire.loses = (frame) => frame.op === op && frame.isFromHome === isFromHome && (lost += 1) === 1;
		for (const text of ['lost', 'after it']) {
			if (isFromHome) socket.send(text, false);
			else client.message(text);
		}
		wire.deliver();
		expect(connection.sent).toEqual([]);
		expect(connection.closed).toEqual([ended1012]);
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(outpost, home);
	});

	it.each([
		['a message to the session', ops.text, false],
		['a message to the connection', ops.text, true],
		['the end, as the session has made it', ops.close, true]
	])('ends within a round though nothing follows what is lost: %s', async (_, op, isFromHome) => {
		const { wire, outpost, home, client, connection, session, socket } = await relayedSocket();
		wire.loses = (frame) => frame.op === op && frame.isFromHome === isFromHome;
		if (op === ops.close) socket.close(1000, '');
		else if (isFromHome) socket.send('lost', false);
		else client.message('lost');
		wire.deliver();
		await vi.advanceTimersByTimeAsync(round);
		wire.deliver();
		expect(session.heard).toHaveLength(2);
		expect(connection.closed).toEqual([ended1012]);
		expectNothingLeft(outpost, home);
	});

	it('ends though the session does not hear of the end that the client has made', async () => {
		const { wire, outpost, home, client, session } = await relayedSocket();
		wire.loses = ({ op }) => op === ops.closed;
		client.close(1000, '');
		wire.deliver();
		await vi.advanceTimersByTimeAsync(5 * round);
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(outpost, home);
	});

	it('ends at once where the process of its connection still relays others, and does not name it', async () => {
		const { wire, outpost, home, client, session } = await relayedSocket();
		void outpost.relay.ask(home.id, new OpeningExchange(), false);
		wire.deliver();
		await turn();
		wire.loses = ({ op }) => op === ops.closed;
		client.close(1000, '');
		await vi.advanceTimersByTimeAsync(round);
		wire.deliver();
		expect(session.heard).toContainEqual({ code: 1006, reason: '' });
		expect([outpost.relay.sizes.outpost, home.relay.sizes.home]).toEqual([1, 1]);
	});

	it('ends at both ends when nothing gets through any more, though nobody says that anybody is gone', async () => {
		const { wire, outpost, home, connection, session } = await relayedSocket();
		wire.loses = () => true;
		await vi.advanceTimersByTimeAsync(4 * round);
		expect(outpost.relay.sizes.outpost).toBe(1);
		await vi.advanceTimersByTimeAsync(round);
		expect(connection.closed).toEqual([ended1012]);
		expect(session.heard).toEqual(['open', { code: 1006, reason: '' }]);
		expectNothingLeft(outpost, home);
	});

	it('goes on for as long as it is heard of', async () => {
		const { wire, outpost, home, session, connection } = await relayedSocket();
		for (let count = 0; count < 20; count += 1) {
			await vi.advanceTimersByTimeAsync(round);
			wire.deliver();
		}
		expect([outpost.relay.sizes, home.relay.sizes]).toEqual([
			{ outpost: 1, home: 0 },
			{ outpost: 0, home: 1 }
		]);
		expect([session.heard, connection.closed]).toEqual([['open'], []]);
	});

	it('leaves no timer behind', async () => {
		const { wire, client, outpost, home } = await relayedSocket();
		client.close(1000, '');
		wire.deliver();
		await vi.advanceTimersByTimeAsync(2 * round);
		wire.deliver();
		expectNothingLeft(outpost, home);
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('what makes no sense', () => {
	const frame = {
		op: ops.ask as number,
		isFromHome: false,
		link: 1,
		order: 0,
		hasMore: false,
		flag: false,
		payload: new Uint8Array(0)
	};
	const json = (value: unknown) => Buffer.from(JSON.stringify(value));

	it.each([
		['a text', 'garbage'],
		['nothing', new Uint8Array(0)],
		['too little', new Uint8Array(9)],
		['a frame of no kind', encodeFrame({ ...frame, op: 47 })],
		['a request that is none', encodeFrame({ ...frame, payload: json({ method: 1 }) })],
		['a request that is null', encodeFrame({ ...frame, payload: json(null) })],
		['a request that is no JSON', encodeFrame({ ...frame, payload: Buffer.from('{') })],
		[
			'a status that is none',
			encodeFrame({ ...frame, op: ops.status, payload: new Uint8Array(9) })
		],
		['a message for nobody', encodeFrame({ ...frame, op: ops.text, link: 99 })]
	])('is ignored: %s', async (_, data) => {
		const { wire, outpost, home } = twoProcesses();
		outpost.processes.tell(home.id, kinds.relay, data);
		outpost.processes.tell(home.id, kinds.relay, encodeFrame({ ...frame, isFromHome: true }));
		wire.deliver();
		expect(home.exchanges).toEqual([]);
		expect([...home.errors, ...outpost.errors]).toEqual([]);
		expectNothingLeft(outpost, home);
	});

	it.each([
		['answer', ops.answer, { status: 'OK' }],
		['answer with a status that is none', ops.answer, { status: 101, headers: [], body: 'none' }],
		['101', ops.accept, { headers: [['a']] }]
	])('decides nothing: an %s', async (_, op, value) => {
		const { wire, outpost, home } = twoProcesses();
		const outcome = outpost.relay.ask(home.id, new FakeExchange(), false);
		wire.deliver();
		const payload = json(value);
		const bad = { ...frame, op, isFromHome: true, order: 1, payload };
		home.processes.tell(outpost.id, kinds.relay, encodeFrame(bad));
		wire.deliver();
		expect(await outcome).toEqual({ isDecided: false, why: 'its answer makes no sense' });
	});

	it('ends a socket that is told to close with what is no code', async () => {
		const { wire, home, outpost, connection } = await relayedSocket();
		const bad = {
			...frame,
			op: ops.close as number,
			isFromHome: true,
			order: 2,
			payload: json({})
		};
		home.processes.tell(outpost.id, kinds.relay, encodeFrame(bad));
		wire.deliver();
		expect(connection.closed).toEqual([{ code: 1011, reason: '' }]);
	});
});
