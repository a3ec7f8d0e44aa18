import { describe, expect, it } from 'vitest';
import { Subscription } from '../../../../src/server/registry/subscription.ts';
import { Message } from '../../../../src/server/socket/message.ts';

function create() {
	const ends: Subscription[] = [];
	const subscription = new Subscription('a "topic"', (ended) => void ends.push(ended));
	return { subscription, ends };
}

const ended = { done: true, value: undefined };

describe('Subscription', () => {
	it('is its own iterator', () => {
		const { subscription } = create();
		expect(subscription[Symbol.asyncIterator]()).toBe(subscription);
	});

	it('tells once that it has ended, however often it is ended', async () => {
		const { subscription, ends } = create();
		subscription.end();
		subscription.end();
		await subscription.return();
		expect(ends).toEqual([subscription]);
	});

	it('takes nothing once it has ended', async () => {
		const { subscription } = create();
		subscription.end();
		subscription.push(new Message('late'));
		expect(await subscription.next()).toEqual(ended);
	});

	it('forgets what waits when its loop is left', async () => {
		const { subscription } = create();
		subscription.push(new Message('1'));
		expect(await subscription.return()).toEqual(ended);
		expect(await subscription.next()).toEqual(ended);
	});

	it('ends where it is disposed of, though nobody has read from it', async () => {
		const { subscription, ends } = create();
		await subscription[Symbol.asyncDispose]();
		expect(ends).toEqual([subscription]);
	});

	it('ends every read that waits', async () => {
		const { subscription } = create();
		const reads = [subscription.next(), subscription.next()];
		subscription.end();
		expect(await Promise.all(reads)).toEqual([ended, ended]);
	});

	it('ends by itself, and says which topic it was, when too much waits', async () => {
		const { subscription, ends } = create();
		for (let count = 0; count < 1025; count += 1) subscription.push(new Message('x'));
		expect(ends).toEqual([subscription]);
		for (let count = 0; count < 1024; count += 1) await subscription.next();
		await expect(subscription.next()).rejects.toThrow(
			'[svelte-adapter-ws] A subscriber did not keep up with its topic ' +
				'(1024 messages of "a \\"topic\\"" were waiting).'
		);
	});

	it('has room again for each message that was read', async () => {
		const { subscription, ends } = create();
		for (let count = 0; count < 1024; count += 1) subscription.push(new Message('x'));
		await subscription.next();
		subscription.push(new Message('last'));
		expect(ends).toEqual([]);
	});
});
