import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'uWebSockets.js';
import { Dispatcher } from '../../../../../src/server/engine/dispatch.ts';
import type { EngineSocket } from '../../../../../src/server/engine/engine.ts';
import type { Uws, UwsApp } from '../../../../../src/server/engine/uws/load.ts';
import { User, type UserData } from '../../../../../src/server/engine/uws/socket.ts';
import { UwsSockets } from '../../../../../src/server/engine/uws/sockets.ts';

/** What uWS was given as text: a string, of which it may make latin1, or the bytes, copied as it copies them. */
type Given = { string: string } | { utf8: string };

function given(value: unknown): Given {
	if (typeof value === 'string') return { string: value };
	return { utf8: Buffer.from(value as Uint8Array).toString() };
}

/** Sockets on a uWS that keeps what it is given, and one socket of them that is open. */
function open(idleTimeout = 8) {
	const queue = { bytes: 0 };
	const messages: [Given, isBinary: boolean][] = [];
	const topics: Given[] = [];
	const reasons: Given[] = [];
	const topic = (name: unknown) => void topics.push(given(name));
	const ws = {
		getUserData: () => data,
		getBufferedAmount: () => queue.bytes,
		ping: vi.fn(),
		subscribe: topic,
		unsubscribe: topic,
		isSubscribed: (name: unknown) => topic(name),
		send: (message: unknown, isBinary: boolean) => messages.push([given(message), isBinary]),
		end: (_: number, reason: unknown) => reasons.push(given(reason))
	};
	const app = {
		numSubscribers: topic,
		publish: (name: unknown, message: unknown, isBinary: boolean) => {
			topic(name);
			messages.push([given(message), isBinary]);
		}
	};
	const options = { maxPayload: 1, idleTimeout, maxBackpressure: 1, compression: false };
	const handlers = { request() {}, upgrade() {}, error() {} };
	const sockets = new UwsSockets(app as unknown as UwsApp, options, new Dispatcher(handlers));
	const opened = Promise.withResolvers<EngineSocket>();
	const drained = vi.fn();
	const events = { open: opened.resolve, message() {}, drain: drained, overflow() {}, close() {} };
	const data: UserData = { user: new User(events) };
	const behavior = sockets.behavior({} as Uws);
	const native = ws as unknown as WebSocket<UserData>;
	void behavior.open?.(native);
	sockets.begin();
	const close = () => behavior.close?.(native, 1000, new ArrayBuffer(0));
	return {
		sockets,
		opened: opened.promise,
		messages,
		topics,
		reasons,
		queue,
		pings: ws.ping,
		drained,
		drain: () => void behavior.drain?.(native),
		greet: behavior.open,
		close
	};
}

describe('an upgrade on uWS', () => {
	it('calls no function that V8 would have to compile amid it', () => {
		expect(String(open().greet)).toContain('[native code]');
	});
});

const texts = ['', 'ASCII', 'gr\u00fc\u00df', '\u65e5\u672c', 'gr\u00fc\u00df'.repeat(10_000)];

describe('text for uWS', () => {
	it.each(texts)('is bytes, sent as text, of messages: %#', async (text) => {
		const { sockets, opened, messages } = open();
		const socket = await opened;
		socket.send(text, false);
		socket.publish('news', text, false);
		sockets.publish('news', text, false);
		expect(messages).toEqual([
			[{ utf8: text }, false],
			[{ utf8: text }, false],
			[{ utf8: text }, false]
		]);
	});

	it('is bytes of a close reason', async () => {
		const { opened, reasons } = open();
		(await opened).close(4000, 'gr\u00fc\u00df');
		expect(reasons).toEqual([{ utf8: 'gr\u00fc\u00df' }]);
	});

	it('is bytes of a topic, unless every build takes it for the same', async () => {
		const { sockets, opened, topics } = open();
		const socket = await opened;
		const names = ['news', '\u0000news', 'gr\u00fc\u00df', '\u65e5\u672c'];
		for (const name of names) {
			socket.subscribe(name);
			socket.publish(name, '', false);
			sockets.publish(name, '', false);
			sockets.size(name);
			socket.unsubscribe(name);
		}
		const times = (name: Given) => Array.from({ length: 6 }, () => name);
		expect(topics).toEqual([
			...times({ string: 'news' }),
			...times({ string: '\u0000news' }),
			...times({ utf8: 'gr\u00fc\u00df' }),
			...times({ utf8: '\u65e5\u672c' })
		]);
	});

	it('leaves bytes as they are, sent as bytes', async () => {
		const { sockets, opened, messages } = open();
		const bytes = Buffer.from('gr\u00fc\u00df');
		(await opened).send(bytes, false);
		sockets.publish('news', bytes, false);
		expect(messages).toEqual([
			[{ utf8: 'gr\u00fc\u00df' }, true],
			[{ utf8: 'gr\u00fc\u00df' }, true]
		]);
	});
});

it('says that the queue of a socket is empty when it is, not when there is room in it', () => {
	const { queue, drain, drained } = open();
	queue.bytes = 1;
	drain();
	expect(drained).not.toHaveBeenCalled();
	queue.bytes = 0;
	drain();
	expect(drained).toHaveBeenCalledOnce();
});

it('asks nothing of uWS after the end', () => {
	const { sockets, messages, topics } = open();
	sockets.close();
	sockets.publish('news', 'late', false);
	expect(sockets.size('news')).toBe(0);
	expect([messages, topics]).toEqual([[], []]);
});

describe('the pings of uWS', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it.each([
		[0, 30_000],
		[960, 30_000],
		[120, 30_000],
		[8, 2000]
	])('of sockets that may be silent for %d seconds leave every %d milliseconds', (timeout, ms) => {
		const { pings } = open(timeout);
		vi.advanceTimersByTime(ms);
		expect(pings).toHaveBeenCalledTimes(1);
		vi.advanceTimersByTime(9 * ms);
		expect(pings.mock.calls.length).toBeGreaterThanOrEqual(10);
		expect(pings.mock.calls.length).toBeLessThan(12);
	});

	it('do not wait behind other things, and end with the socket or with the engine', () => {
		const { pings, queue, close } = open();
		queue.bytes = 1;
		vi.advanceTimersByTime(10_000);
		expect(pings).not.toHaveBeenCalled();
		queue.bytes = 0;
		vi.advanceTimersByTime(2000);
		expect(pings).toHaveBeenCalledOnce();
		void close();
		expect(vi.getTimerCount()).toBe(0);
		const other = open();
		other.sockets.close();
		expect(vi.getTimerCount()).toBe(0);
	});
});
