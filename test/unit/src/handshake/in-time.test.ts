import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTime } from '../../../../src/server/handshake/in-time.ts';
import { FakeExchange } from '../../support/exchange.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the time that the app has for a handshake', () => {
	it('begins to count when it is said, not before', async () => {
		const begin = Promise.withResolvers<void>();
		const controller = new AbortController();
		const never = new Promise<Response>(() => {});
		const answer = inTime(new FakeExchange(), 1, begin.promise, controller, () => never);
		const refused = expect(answer).rejects.toMatchObject({ status: 504 });
		await vi.advanceTimersByTimeAsync(60_000);
		begin.resolve();
		await vi.advanceTimersByTimeAsync(999);
		expect(controller.signal.aborted).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(controller.signal.aborted).toBe(true);
		await refused;
	});

	it('is over with the answer, whatever is said afterwards', async () => {
		const begin = Promise.withResolvers<void>();
		const answered = Promise.resolve(new Response());
		const controller = new AbortController();
		await inTime(new FakeExchange(), 1, begin.promise, controller, () => answered);
		begin.resolve();
		await vi.advanceTimersByTimeAsync(2000);
		expect(controller.signal.aborted).toBe(false);
		expect(vi.getTimerCount()).toBe(0);
	});

	it.each([
		['an answer', () => Promise.resolve(new Response())],
		['an error', () => Promise.reject(new Error('upgrade broke'))]
	])('is over with %s, after which the signal of the request stays quiet', async (_, end) => {
		const controller = new AbortController();
		const ask = async () => {
			await vi.advanceTimersByTimeAsync(400);
			return await end();
		};
		const answer = inTime(new FakeExchange(), 0.5, Promise.resolve(), controller, ask);
		await Promise.allSettled([answer]);
		expect(vi.getTimerCount()).toBe(0);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(controller.signal.aborted).toBe(false);
	});

	it('is over when the client leaves, whatever fails after that', async () => {
		const unheard = vi.fn();
		process.on('unhandledRejection', unheard);
		const later = Promise.withResolvers<Response>();
		const exchange = new FakeExchange();
		const answer = inTime(
			exchange,
			1,
			Promise.resolve(),
			new AbortController(),
			() => later.promise
		);
		exchange.abort();
		expect(await answer).toBeUndefined();
		later.reject(new Error('too late'));
		vi.useRealTimers();
		await new Promise((resolve) => void setImmediate(resolve));
		process.off('unhandledRejection', unheard);
		expect(unheard).not.toHaveBeenCalled();
	});
});
