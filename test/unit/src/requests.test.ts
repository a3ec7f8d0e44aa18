import { describe, expect, it } from 'vitest';
import { Requests } from '../../../src/server/requests.ts';

/** Whether a promise is settled once all microtasks have run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	let settled = false;
	void promise.then(() => (settled = true));
	await new Promise((resolve) => setImmediate(resolve));
	return settled;
}

describe('Requests', () => {
	it('are idle from the start', async () => {
		expect(await isSettled(new Requests().idle())).toBe(true);
	});

	it('are idle again when the last one is answered', async () => {
		const requests = new Requests();
		const first = Promise.withResolvers<void>();
		const second = Promise.withResolvers<void>();
		requests.track(first.promise);
		requests.track(second.promise);
		const idle = requests.idle();
		expect(await isSettled(idle)).toBe(false);
		second.resolve();
		expect(await isSettled(idle)).toBe(false);
		first.resolve();
		expect(await isSettled(idle)).toBe(true);
	});

	it('tell everyone who waits', async () => {
		const requests = new Requests();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const waiting = [requests.idle(), requests.idle()];
		answer.resolve();
		expect(await isSettled(Promise.all(waiting))).toBe(true);
	});

	it('can be waited for again', async () => {
		const requests = new Requests();
		requests.track(Promise.resolve());
		expect(await isSettled(requests.idle())).toBe(true);
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const idle = requests.idle();
		expect(await isSettled(idle)).toBe(false);
		answer.resolve();
		expect(await isSettled(idle)).toBe(true);
	});

	it('are over when an answer fails, which whoever has given it hears', async () => {
		const requests = new Requests();
		const failure = new Error('no answer');
		const tracked = requests.track(Promise.reject(failure));
		await expect(tracked).rejects.toBe(failure);
		expect(await isSettled(requests.idle())).toBe(true);
	});
});
