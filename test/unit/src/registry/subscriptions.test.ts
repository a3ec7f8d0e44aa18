import { expect, it, vi } from 'vitest';
import { Subscriptions } from '../../../../src/server/registry/subscriptions.ts';
import { Message } from '../../../../src/server/socket/message.ts';

/** No other process. */
const nobody = { subscribe() {}, unsubscribe() {} };

const create = () => vi.fn(() => new Message('x'));

it('make one message for all who wait, and none where nobody does', async () => {
	const subscriptions = new Subscriptions(nobody);
	const unasked = create();
	subscriptions.push('news', unasked);
	expect(unasked).not.toHaveBeenCalled();
	const both = [0, 1].map(() => subscriptions.add('news', undefined, undefined));
	const somebody = create();
	subscriptions.push('news', somebody);
	expect(somebody).toHaveBeenCalledTimes(1);
	const [first, second] = await Promise.all(both.map((each) => each.next()));
	expect(first?.value).toBeDefined();
	expect(first?.value).toBe(second?.value);
});

it('forget a topic with the last who waits for it', () => {
	const subscriptions = new Subscriptions(nobody);
	const [first, second] = [
		subscriptions.add('news', undefined, undefined),
		subscriptions.add('news', undefined, undefined)
	];
	first.end();
	const one = create();
	subscriptions.push('news', one);
	expect(one).toHaveBeenCalledTimes(1);
	second.end();
	const none = create();
	subscriptions.push('news', none);
	expect(none).not.toHaveBeenCalled();
});

it('are told to other processes one by one, and taken back once each', () => {
	const told: string[] = [];
	const subscriptions = new Subscriptions({
		subscribe: (topic) => told.push(`+${topic}`),
		unsubscribe: (topic) => told.push(`-${topic}`)
	});
	const [first, second] = [
		subscriptions.add('news', undefined, undefined),
		subscriptions.add('news', undefined, undefined)
	];
	expect([...subscriptions.topics()]).toEqual(['news', 'news']);
	first.end();
	first.end();
	second.end();
	expect(told).toEqual(['+news', '+news', '-news', '-news']);
	expect([...subscriptions.topics()]).toEqual([]);
});
