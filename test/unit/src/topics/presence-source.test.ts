import { describe, expect, it } from 'vitest';
import type { Saying } from '../../../../src/server/topics/presence-messages.ts';
import { Source } from '../../../../src/server/topics/presence-source.ts';

const says = (id: string, json?: string): Saying => ({
	topic: 'room',
	id,
	said: { json, since: 1, at: 1 }
});
const gone = (id: string): Saying => ({ topic: 'room', id, said: undefined });

function create(limits = { count: 100, characters: 10_000 }) {
	const source = new Source(limits);
	const hear = (version: number, sayings: Saying[], part?: { index: number; count: number }) =>
		[...source.hear({ version, part, sayings })].map(({ id }) => id);
	return { source, hear, ids: () => [...source.all()].map(({ id }) => id) };
}

const whole = { index: 0, count: 1 };

describe('what another process says', () => {
	it('is believed in its order, and once', () => {
		const { source, hear, ids } = create();
		expect(hear(1, [says('a'), says('b')])).toEqual(['a', 'b']);
		expect(hear(2, [gone('a'), gone('nobody')])).toEqual(['a', 'nobody']);
		expect(hear(1, [says('a')])).toEqual([]);
		expect([ids(), source.version, source.isBehind]).toEqual([['b'], 2, false]);
	});

	it('is not believed after something that is missing, until everything is said', () => {
		const { source, hear, ids } = create();
		hear(1, [says('a'), says('b')]);
		expect(hear(3, [says('c')])).toEqual([]);
		expect([source.isBehind, source.version]).toEqual([true, 1]);
		source.wait();
		expect(source.isBehind).toBe(false);
		expect(hear(3, [says('b'), says('c')], whole).toSorted()).toEqual(['a', 'b', 'b', 'c']);
		expect([ids(), source.version]).toEqual([['b', 'c'], 3]);
	});

	it('waits while everything is asked for, and follows it', () => {
		const { source, hear, ids } = create();
		source.wait();
		for (const version of [4, 5, 6]) hear(version, [says(`${version}`)]);
		expect(hear(5, [says('all')], { index: 0, count: 2 })).toEqual([]);
		hear(7, [gone('more')]);
		expect(hear(5, [says('more')], { index: 1, count: 2 })).toEqual(['all', 'more', '6', 'more']);
		expect([ids(), source.version, source.isBehind]).toEqual([['all', '6'], 7, false]);
	});

	it('is everything only if all parts of it have come', () => {
		const { source, hear, ids } = create();
		const part = (index: number) => ({ index, count: 3 });
		hear(5, [says('unasked')], whole);
		source.wait();
		hear(5, [says('a')], part(0));
		hear(5, [says('c')], part(2));
		hear(6, [says('b')], part(1));
		expect(ids()).toEqual([]);
		for (const index of [0, 1, 2]) hear(6, [says(`${index}`)], part(index));
		expect([ids(), source.version]).toEqual([['0', '1', '2'], 6]);
	});

	it('is asked for again where too much has come meanwhile', () => {
		const { source, hear } = create();
		source.wait();
		for (let version = 2; version < 12_000; version += 1) hear(version, [says('a')]);
		hear(1, [], whole);
		expect(source.isBehind).toBe(true);
	});

	it('is no more than one process can have to say', () => {
		const { source, hear, ids } = create({ count: 3, characters: 100 });
		hear(1, [says('a'), says('b'), says('c')]);
		hear(2, [says('c', '1'), gone('a'), says('d')]);
		expect([ids(), source.isFull]).toEqual([['b', 'c', 'd'], false]);
		hear(3, [says('e')]);
		expect([ids(), source.isFull]).toEqual([['b', 'c', 'd'], true]);
		hear(4, [gone('b'), gone('c'), says('long', 'x'.repeat(100))]);
		expect(ids()).toEqual(['d']);
	});
});
