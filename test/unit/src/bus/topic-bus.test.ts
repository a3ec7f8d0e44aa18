import { describe, expect, it } from 'vitest';
import { unpack } from '../../../../src/server/bus/frames.ts';
import { TopicBus } from '../../../../src/server/bus/topic-bus.ts';
import type { Transport, TransportEvents } from '../../../../src/server/bus/transport.ts';
import { createLog } from '../../../../src/server/log.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A transport that keeps what it is told, and a bus upon it. */
async function recorded(maxFrame = 1000) {
	const calls: string[] = [];
	const lines: string[] = [];
	const states: [string, string?][] = [];
	const kept: { events?: TransportEvents } = {};
	const transport: Transport = {
		name: 'local',
		description: 'nowhere',
		maxFrame,
		open: async (events) => {
			kept.events = events;
			events.connected();
		},
		publish: (channel, frame) => {
			const texts = unpack(frame)?.messages.map(({ data }) => data);
			calls.push(`publish ${channel}: ${texts?.join()}`);
		},
		listen: (channels) => calls.push(`listen ${channels.join()}`),
		unlisten: (channels) => calls.push(`unlisten ${channels.join()}`),
		close: () => new Promise(() => {})
	};
	const write = (line: string) => void lines.push(line);
	const events = {
		message: () => {},
		state: (...state: [string, string?]) => void states.push(state),
		left: () => {}
	};
	const log = createLog(() => {}, { log: write, warn: write, error: write });
	const bus = new TopicBus(transport, { process: 'aaaaaaaaaaaa', events }, log);
	await bus.open();
	return { bus, calls, lines, states, events: () => kept.events };
}

describe('TopicBus', () => {
	it('sends what is published in one turn as one frame per topic, after what is listened to', async () => {
		const { bus, calls } = await recorded();
		for (const data of ['1', '2']) {
			bus.publish('a', { kind: 0, data });
			bus.publish('b', { kind: 0, data });
			bus.subscribe(data);
		}
		expect(calls).toEqual([]);
		await turn();
		expect(calls).toEqual(['listen 1,2', 'publish a: 1,2', 'publish b: 1,2']);
	});

	it('has no word for who comes and leaves, or leaves and comes back, in one turn', async () => {
		const { bus, calls } = await recorded();
		bus.subscribe('a');
		bus.unsubscribe('a');
		bus.subscribe('b');
		await turn();
		bus.unsubscribe('b');
		bus.subscribe('b');
		await turn();
		expect(calls).toEqual(['listen b']);
	});

	it('asks for all topics at once when it is connected again', async () => {
		const { bus, calls, events } = await recorded();
		bus.subscribe('a');
		await turn();
		events()?.disconnected(new Error('gone'));
		bus.subscribe('b');
		bus.subscribe('c');
		bus.unsubscribe('c');
		await turn();
		events()?.connected();
		await turn();
		expect(calls).toEqual(['listen a', 'listen a,b']);
	});

	it('keeps nothing for later while it is not connected', async () => {
		const { bus, calls, events } = await recorded();
		bus.publish('a', { kind: 0, data: 'just before' });
		events()?.disconnected(new Error('gone'));
		bus.publish('a', { kind: 0, data: 'meanwhile' });
		events()?.connected();
		await turn();
		expect(calls).toEqual([]);
	});

	it('says once that it is gone, and why in a few words', async () => {
		const { states, events } = await recorded();
		for (const reason of ['gone', 'still gone']) events()?.disconnected(new Error(reason));
		events()?.connected();
		events()?.disconnected(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }));
		expect(states).toEqual([
			['connected', undefined],
			['reconnecting', 'gone'],
			['connected', undefined],
			['reconnecting', 'ECONNREFUSED']
		]);
	});

	it('does not wait for a transport that never closes', async () => {
		const { bus } = await recorded();
		await bus.close();
		expect(bus.state).toBe('closed');
	});

	it('writes no topic into the log that could forge a line of it', async () => {
		const { bus, lines } = await recorded(20);
		bus.publish(`a\n${'b'.repeat(1000)}`, { kind: 0, data: 'x'.repeat(50) });
		await turn();
		expect(lines.length).toBe(1);
		expect(lines[0]).not.toContain('\n');
		expect(lines[0]?.length).toBeLessThan(400);
	});
});
