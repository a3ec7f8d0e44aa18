import { describe, expect, it } from 'vitest';
import { Member } from './member.ts';
import { outageSuite } from './outages.ts';
import { cluster, elected } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(cluster);
outageSuite(cluster);
busSuite(elected);

describe.each([cluster, elected])('the bus $name', (subject) => {
	it('listens on 200,000 topics that somebody comes to in one turn, also when it was away', async () => {
		await using meeting = await subject.start();
		await using alice = await Member.open(meeting);
		await using bob = await Member.open(meeting);
		const topics = Array.from({ length: 200_000 }, (_, index) => `user:${index}`);
		for (const topic of topics) bob.bus.subscribe(topic);
		await bob.hears(alice, 'user:199999');
		if (meeting.breakConnection) {
			await meeting.breakConnection();
			await expect.poll(() => bob.states.at(-1)).toBe('reconnecting');
			await meeting.restore?.();
			await bob.hears(alice, 'user:199999');
		}
		for (const topic of topics) bob.bus.unsubscribe(topic);
		await expect.poll(() => meeting.listeners('user:199999')).toBe(0);
		expect(bob.states.filter((state) => state === 'connected')).toHaveLength(
			meeting.breakConnection ? 2 : 1
		);
	});
});
