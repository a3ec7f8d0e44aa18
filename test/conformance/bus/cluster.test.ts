import { describe, expect, it } from 'vitest';
import { logOutageSuite } from './log-outages.ts';
import { logOf, logSuite } from './log-suite.ts';
import { Member } from './member.ts';
import { outageSuite } from './outages.ts';
import { cluster, elected } from './subjects.ts';
import { busSuite } from './suite.ts';
import { topicsOutageSuite, topicsSuite } from './topics-suite.ts';

busSuite(cluster);
outageSuite(cluster);
busSuite(elected);
for (const subject of [cluster, elected]) {
	logSuite(subject);
	topicsSuite(subject);
}
logOutageSuite(cluster);
topicsOutageSuite(cluster);

it('begins numbers anew with another epoch when the worker that kept them has left', async () => {
	const entry = { data: 'a', compress: false, author: '' };
	const limits = { size: 10, bytes: 1000, ttl: 60 };
	await using meeting = await elected.start();
	const alice = await Member.open(meeting);
	await using bob = await Member.open(meeting);
	const before = await logOf(bob).append('a', entry, limits);
	await alice.bus.close();
	await expect.poll(() => bob.states).toEqual(['connected', 'reconnecting', 'connected']);
	const after = await logOf(bob).append('a', entry, limits);
	expect([before.offset, after.offset]).toEqual([1, 1]);
	expect(after.epoch).not.toBe(before.epoch);
});

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
