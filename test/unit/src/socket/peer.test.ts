import { describe, expect, it } from 'vitest';
import type { SocketData } from '../../../../src/server/engine/engine.ts';
import { Peer } from '../../../../src/server/socket/peer.ts';
import { FakeSocket } from '../../support/engine.ts';
import { adapterError } from '../../support/errors.ts';
import { fakePeer, identity } from '../../support/peers.ts';

function create() {
	const heard: { topic: string; data: SocketData; compress: boolean }[] = [];
	const interest: string[] = [];
	const asked: unknown[] = [];
	const hub = {
		published: (topic: string, data: SocketData, compress: boolean) =>
			void heard.push({ topic, data, compress }),
		publishFrom() {},
		kept: () => undefined,
		joined: (topic: string) => void interest.push(`+${topic}`),
		parted: (topic: string) => void interest.push(`-${topic}`),
		identify: (peer: unknown) => `peer ${asked.push(peer)}`
	};
	return { ...fakePeer(hub), heard, asked, interest };
}

describe('a peer', () => {
	it('is who its upgrade found out', () => {
		expect(create().peer).toMatchObject(identity);
	});

	it('is given an id when somebody asks for it, once', () => {
		const { peer, asked } = create();
		expect([peer.knownId, asked]).toEqual([undefined, []]);
		expect([peer.id, peer.id, peer.knownId]).toEqual(['peer 1', 'peer 1', 'peer 1']);
		expect(asked).toEqual([peer]);
	});

	it('has one URL, made of the text that its upgrade leaves', () => {
		const hub = {
			published() {},
			publishFrom() {},
			joined() {},
			parted() {},
			kept: () => undefined,
			identify: () => ''
		};
		const url = 'https://example.com/chat?a=1';
		const peer = new Peer(new FakeSocket(), hub, { ...identity, url });
		expect(peer.url).toBeInstanceOf(URL);
		expect(peer.url.href).toBe(url);
		expect(peer.url).toBe(peer.url);
	});

	it('is open, then closing, then closed', () => {
		const { peer } = create();
		expect(peer.readyState).toBe(1);
		peer.close();
		expect(peer.readyState).toBe(2);
		peer.markClosed();
		expect(peer.readyState).toBe(3);
	});

	it('knows what waits to be sent to it', () => {
		const { peer, socket } = create();
		socket.bufferedAmount = 7;
		expect(peer.bufferedAmount).toBe(7);
	});

	it('can be pinged and cut', () => {
		const { peer, socket } = create();
		peer.ping();
		peer.terminate();
		expect(socket).toMatchObject({ pings: [undefined], terminated: 1 });
	});
});

describe('the signal of a peer', () => {
	it('is one, which aborts when the socket has ended', () => {
		const { peer } = create();
		const { signal } = peer;
		expect(peer.signal).toBe(signal);
		peer.close();
		expect(signal.aborted).toBe(false);
		peer.markClosed();
		expect(signal.aborted).toBe(true);
	});

	it('has aborted where it is asked for after the end', () => {
		const { peer } = create();
		peer.markClosed();
		expect(peer.signal.aborted).toBe(true);
		expect(peer.signal).toBe(peer.signal);
	});
});

describe('send', () => {
	it('encodes the value and says what became of it', () => {
		const { peer, socket } = create();
		expect(peer.send({ a: 1 })).toBe('sent');
		socket.result = 'queued';
		expect(peer.send('text', { compress: true })).toBe('queued');
		socket.result = 'dropped';
		expect(peer.send(new Uint8Array([1]), {})).toBe('dropped');
		expect(socket.sent).toEqual([
			{ data: '{"a":1}', compress: false },
			{ data: 'text', compress: true },
			{ data: new Uint8Array([1]), compress: false }
		]);
	});

	it('throws for what cannot be sent', () => {
		const { peer, socket } = create();
		adapterError(() => peer.send(undefined), 'bad_value');
		expect(socket.sent).toEqual([]);
	});
});

describe('topics', () => {
	it('are those a peer subscribed to', () => {
		const { peer, socket } = create();
		peer.subscribe('a');
		peer.subscribe('b');
		peer.subscribe('a');
		peer.unsubscribe('b');
		peer.unsubscribe('never');
		expect([...peer.topics]).toEqual(['a']);
		expect([...socket.topics]).toEqual(['a']);
	});

	it('are none for a peer that is closing or closed', () => {
		const { peer, socket } = create();
		peer.subscribe('a');
		peer.close();
		peer.subscribe('b');
		expect([...socket.topics]).toEqual(['a']);
		peer.markClosed();
		peer.subscribe('c');
		expect([...peer.topics]).toEqual([]);
		expect([...socket.topics]).toEqual(['a']);
	});
});

describe('the interest of a peer', () => {
	it('is told once per topic, and taken back once', () => {
		const { peer, interest } = create();
		peer.subscribe('a');
		peer.subscribe('a');
		peer.unsubscribe('never');
		peer.unsubscribe('a');
		peer.unsubscribe('a');
		peer.subscribe('a');
		expect(interest).toEqual(['+a', '-a', '+a']);
	});

	it('is none where it is not told', () => {
		const { peer, interest } = create();
		peer.close();
		peer.subscribe('a');
		expect(interest).toEqual([]);
	});

	it('can be asked for without making anything', () => {
		const { peer } = create();
		expect(peer.isOn('a')).toBe(false);
		peer.subscribe('a');
		expect([peer.isOn('a'), peer.isOn('b')]).toEqual([true, false]);
	});
});

/** What no topic can be; the last is one of ours. */
const noTopics: unknown[] = [undefined, null, 7, {}, ['a'], Symbol('s'), 'a\ud800', '\u0000ours'];

describe('what is no topic', () => {
	it.each(noTopics)('changes nothing: %o', (topic) => {
		const { peer, socket, heard } = create();
		peer.subscribe('a');
		const { subscribe, unsubscribe, publish } = peer;
		for (const method of [subscribe, unsubscribe, publish]) {
			const call = () =>
				(method as (topic: unknown, value: unknown) => void).call(peer, topic, 'x');
			expect(adapterError(call, 'bad_value').message).toContain('This is no topic');
		}
		expect([...peer.topics]).toEqual(['a']);
		expect([...socket.topics]).toEqual(['a']);
		expect([socket.published, heard]).toEqual([[], []]);
	});
});

describe('an error of a method', () => {
	const { peer } = create();

	it.each<[string, () => unknown]>([
		['send', () => peer.send(Promise.resolve())],
		['send, of what JSON refuses', () => peer.send(1n)],
		['send, of a Blob', () => peer.send(new Blob([]))],
		['publish', () => peer.publish('news', NaN)],
		['publish, to no topic', () => peer.publish('\u0000', 1)],
		['subscribe', () => peer.subscribe('\u0000')],
		['unsubscribe', () => peer.unsubscribe('\u0000')],
		['close', () => peer.close(1)]
	])('begins where the app has called it: %s', (_, call) => {
		const { stack = '' } = adapterError(call, 'bad_value');
		const [first] = stack.split('\n').filter((line) => /^\s+at /.test(line));
		expect(first).toContain('peer.test.ts');
		expect(stack).toMatch(/^AdapterError: /);
	});
});

describe('publish', () => {
	it('goes to the engine, and to who subscribed in this process', () => {
		const { peer, socket, heard } = create();
		peer.publish('news', [1], { compress: true });
		expect(socket.published).toEqual([{ topic: 'news', data: '[1]', compress: true }]);
		expect(heard).toEqual([{ topic: 'news', data: '[1]', compress: true }]);
	});

	it('throws for what cannot be sent', () => {
		const { peer, heard } = create();
		adapterError(() => peer.publish('news', Symbol('s')), 'bad_value');
		expect(heard).toEqual([]);
	});
});

describe('close', () => {
	it('is 1000 without a reason unless it is told otherwise', () => {
		const { peer, socket } = create();
		peer.close();
		expect(socket.closed).toEqual([{ code: 1000, reason: '' }]);
	});

	it('is done once', () => {
		const { peer, socket } = create();
		peer.close(4000, 'first');
		peer.close(4001, 'second');
		peer.markClosed();
		peer.close();
		expect(socket.closed).toEqual([{ code: 4000, reason: 'first' }]);
	});

	it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999])(
		'may have the code %i',
		(code) => {
			const { peer, socket } = create();
			peer.close(code);
			expect(socket.closed).toMatchObject([{ code }]);
		}
	);

	it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, -1, 1000.5, NaN, Infinity])(
		'may not have the code %d',
		(code) => {
			const { peer, socket } = create();
			expect(adapterError(() => peer.close(code), 'bad_value').message).toContain(`(${code})`);
			expect(socket.closed).toEqual([]);
			expect(peer.readyState).toBe(1);
		}
	);

	it.each([null, '1000', {}])('may not have a code that is no number: %j', (code) => {
		const { peer, socket } = create();
		adapterError(() => peer.close(code as unknown as number), 'bad_value');
		expect(socket.closed).toEqual([]);
	});

	it('may not have a reason that is no text', () => {
		const { peer, socket } = create();
		adapterError(() => peer.close(1000, 7 as unknown as string), 'bad_value');
		expect([socket.closed, peer.readyState]).toEqual([[], 1]);
	});

	it('may have a reason of 123 bytes and not of 124', () => {
		const { peer, socket } = create();
		const { message } = adapterError(() => peer.close(1000, `${'é'.repeat(61)}xx`), 'bad_value');
		expect(message).toContain('(124 bytes)');
		peer.close(1000, `${'é'.repeat(61)}x`);
		expect(socket.closed).toHaveLength(1);
	});
});
