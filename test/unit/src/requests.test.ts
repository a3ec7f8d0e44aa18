import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Requests } from '../../../src/server/requests.ts';
import { settled } from '../../../src/server/settled.ts';

/** Whether a promise is settled once all microtasks have run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	let isDone = false;
	void promise.then(() => (isDone = true));
	await new Promise((resolve) => setImmediate(resolve));
	return isDone;
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

	it('are over at once where an answer was given at once', () => {
		const requests = new Requests();
		requests.track(settled);
		expect(requests.areActive).toBe(false);
	});

	it('are over when an answer fails, which whoever has given it hears', async () => {
		const requests = new Requests();
		const failure = new Error('no answer');
		const tracked = requests.track(Promise.reject(failure));
		await expect(tracked).rejects.toBe(failure);
		expect(await isSettled(requests.idle())).toBe(true);
	});
});

describe('when no request is under way', () => {
	const callback = vi.fn();
	beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
	afterEach(() => {
		vi.useRealTimers();
		callback.mockReset();
	});

	/** Requests that are watched, with an answer that takes a moment. */
	function watch(isIdle = () => true): { requests: Requests; answer(): Promise<void> } {
		const requests = new Requests();
		requests.onIdle(5, isIdle, callback);
		return { requests, answer: () => requests.track(Promise.resolve()) };
	}

	it('calls back so many seconds after the last one, and not before there was one', async () => {
		const { answer } = watch();
		vi.advanceTimersByTime(60_000);
		expect(callback).not.toHaveBeenCalled();
		await answer();
		vi.advanceTimersByTime(4999);
		expect(callback).not.toHaveBeenCalled();
		vi.advanceTimersByTime(1);
		expect(callback).toHaveBeenCalledOnce();
	});

	it('begins anew with each one that comes', async () => {
		const { answer } = watch();
		await answer();
		vi.advanceTimersByTime(3000);
		await answer();
		vi.advanceTimersByTime(4999);
		expect(callback).not.toHaveBeenCalled();
		vi.advanceTimersByTime(1);
		expect(callback).toHaveBeenCalledOnce();
	});

	it('waits for one that takes longer, and for all of those that overlap', async () => {
		const { requests, answer } = watch();
		await answer();
		const long = Promise.withResolvers<void>();
		const tracked = requests.track(long.promise);
		await answer();
		vi.advanceTimersByTime(60_000);
		expect(callback).not.toHaveBeenCalled();
		long.resolve();
		await tracked;
		vi.advanceTimersByTime(4999);
		expect(callback).not.toHaveBeenCalled();
		vi.advanceTimersByTime(1);
		expect(callback).toHaveBeenCalledOnce();
	});

	it('waits as long again while something else is', async () => {
		let isIdle = false;
		const { answer } = watch(() => isIdle);
		await answer();
		vi.advanceTimersByTime(20_001);
		expect(callback).not.toHaveBeenCalled();
		isIdle = true;
		vi.advanceTimersByTime(4998);
		expect(callback).not.toHaveBeenCalled();
		vi.advanceTimersByTime(1);
		expect(callback).toHaveBeenCalledOnce();
	});

	it('does not keep the process alive', async () => {
		vi.useRealTimers();
		const started = vi.spyOn(globalThis, 'setTimeout');
		await watch().answer();
		const timers = started.mock.results.map(({ value }) => value as NodeJS.Timeout);
		started.mockRestore();
		expect(timers.map((timer) => timer.hasRef())).toEqual([false]);
		for (const timer of timers) clearTimeout(timer);
	});
});
