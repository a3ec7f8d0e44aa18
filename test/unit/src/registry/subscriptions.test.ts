import { expect, it, vi } from 'vitest';
import { Subscriptions } from '../../../../src/server/registry/subscriptions.ts';
import { Message } from '../../../../src/server/socket/message.ts';

const create = () => vi.fn(() => new Message('x'));

it('make one message for all who wait, and none where nobody does', async () => {
	const subscriptions = new Subscriptions();
	const nobody = create();
	subscriptions.push('news', nobody);
	expect(nobody).not.toHaveBeenCalled();
	const both = [0, 1].map(() => subscriptions.add('news', undefined, undefined));
	const somebody = create();
	subscriptions.push('news', somebody);
	expect(somebody).toHaveBeenCalledTimes(1);
	const [first, second] = await Promise.all(both.map((each) => each.next()));
	expect(first?.value).toBeDefined();
	expect(first?.value).toBe(second?.value);
});

it('forget a topic with the last who waits for it', () => {
	const subscriptions = new Subscriptions();
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
