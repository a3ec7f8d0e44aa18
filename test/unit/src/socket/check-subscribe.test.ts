import { describe, expect, it } from 'vitest';
import type {
	Arrival,
	KeptTopic,
	SubscribeOptions
} from '../../../../src/server/socket/kept-topic.ts';
import { adapterError } from '../../support/errors.ts';
import { fakePeer } from '../../support/peers.ts';

/** A peer in a place where one topic keeps something. */
function create(keeps: { hasHistory?: boolean; hasPresence?: boolean } = {}) {
	const arrivals: Arrival[] = [];
	const left: boolean[] = [];
	const topic: KeptTopic = {
		number: 1,
		hasHistory: false,
		hasPresence: false,
		subscribe: (_, arrival) => void arrivals.push(arrival),
		unsubscribe: (_, hasEnded) => void left.push(hasEnded),
		publish() {},
		passVolatile() {},
		resend() {},
		...keeps
	};
	const { peer, socket } = fakePeer({
		published() {},
		publishFrom() {},
		joined() {},
		parted() {},
		kept: (name) => (name === 'room' ? topic : undefined),
		identify: () => ''
	});
	return { peer, socket, arrivals, left };
}

describe('how a peer comes to a topic', () => {
	it('reaches the topic as it was said, info as JSON', () => {
		const { peer, arrivals } = create({ hasHistory: true, hasPresence: true });
		peer.subscribe('room');
		peer.subscribe('room');
		peer.subscribe('room', { replay: 5, presence: { id: 'a', info: { name: 'Ana' } } });
		peer.subscribe('room', { presence: { id: 'a' } });
		expect(arrivals).toEqual([
			{},
			{ replay: 5, presence: { id: 'a', json: '{"name":"Ana"}' } },
			{ presence: { id: 'a', json: undefined } }
		]);
	});

	it('may be with an id of 256 characters and 4 KiB of info', () => {
		const { peer, arrivals } = create({ hasPresence: true });
		peer.subscribe('room', { presence: { id: 'x'.repeat(256), info: 'x'.repeat(4094) } });
		expect(arrivals).toHaveLength(1);
	});

	const circle: unknown[] = [];
	circle.push(circle);
	const wrong: [string, SubscribeOptions][] = [
		['no presence', { presence: null as never }],
		['a person without an id', { presence: { info: 1 } as never }],
		['an id that is no text', { presence: { id: 7 } as never }],
		['an id of 257 characters', { presence: { id: 'x'.repeat(257) } }],
		['info in a circle', { presence: { id: 'a', info: circle } }],
		['info that is a function', { presence: { id: 'a', info: () => 1 } }],
		['info that is a Map', { presence: { id: 'a', info: new Map() } }],
		['info that is a bigint', { presence: { id: 'a', info: { n: 1n } } }],
		['info of 4097 bytes', { presence: { id: 'a', info: 'ü'.repeat(2047) + 'x' } }],
		['a replay that is no number', { replay: '5' as never }],
		['a replay below 0', { replay: -1 }],
		['a replay of what is not remembered', { replay: 5 }]
	];

	it.each(wrong)('is refused for %s, and nothing was done', (_, options) => {
		const { peer, arrivals } = create({ hasPresence: true });
		const error = adapterError(() => peer.subscribe('room', options), 'bad_value');
		expect(error.stack).toMatch(/^[^\n]*\n\s+at [^\n]*check-subscribe\.test\.ts/);
		expect([[...peer.topics], arrivals]).toEqual([[], []]);
	});

	it('is refused where the topic keeps nothing of the kind', () => {
		const { peer, socket } = create({ hasHistory: true });
		const presence = { id: 'a' };
		for (const topic of ['room', 'other']) {
			adapterError(() => peer.subscribe(topic, { presence }), 'bad_value');
		}
		adapterError(() => peer.subscribe('other', { replay: 1 }), 'bad_value');
		expect([[...peer.topics], [...socket.topics]]).toEqual([[], []]);
	});

	it('ends by itself, which is no end of its socket', () => {
		const { peer, left } = create({ hasPresence: true });
		peer.subscribe('room');
		peer.unsubscribe('room');
		peer.unsubscribe('room');
		expect(left).toEqual([false]);
	});
});
