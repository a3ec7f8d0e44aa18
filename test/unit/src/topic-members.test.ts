import { describe, expect, it } from 'vitest';
import { Topics } from '../../../src/server/topic-members.ts';

describe('topics', () => {
	it('have the members that have joined, once each, and no topic that nobody is on', () => {
		const topics = new Topics<string>();
		topics.join('news', 'a');
		topics.join('news', 'a');
		topics.join('news', 'b');
		expect([...(topics.members('news') ?? [])]).toEqual(['a', 'b']);
		topics.part('news', 'a');
		topics.part('other', 'a');
		expect([...(topics.members('news') ?? [])]).toEqual(['b']);
		topics.part('news', 'b');
		expect(topics.members('news')).toBeUndefined();
	});

	it('are left at once by who has ended, and say which they were', () => {
		const topics = new Topics<string>();
		for (const topic of ['one', 'two']) topics.join(topic, 'a');
		topics.join('two', 'b');
		topics.part('one', 'a');
		topics.join('three', 'a');
		expect([...topics.leave('a')]).toEqual(['two', 'three']);
		expect([topics.members('one'), topics.members('three')]).toEqual([undefined, undefined]);
		expect([...(topics.members('two') ?? [])]).toEqual(['b']);
		expect([...topics.leave('a')]).toEqual([]);
	});
});
