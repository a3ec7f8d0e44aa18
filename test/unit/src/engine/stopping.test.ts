import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Stopping } from '../../../../src/server/engine/stopping.ts';

/** Milliseconds that no test waits for. */
const never = 600_000;

function create() {
	const close = vi.fn<() => void>();
	return { close, stopping: new Stopping(close) };
}

describe('Stopping', () => {
	it('has not begun before it is asked to', () => {
		const { close, stopping } = create();
		expect(stopping.hasBegun).toBe(false);
		expect(close).not.toHaveBeenCalled();
	});

	it('closes before it returns where there is no patience, and keeps no answer waiting', async () => {
		const { close, stopping } = create();
		const done = stopping.stop(0);
		expect(close).toHaveBeenCalledOnce();
		expect(stopping.hasBegun).toBe(true);
		expect(stopping.wait()).toBeUndefined();
		await done;
	});

	it('goes on accepting as long as answers follow each other, and says so with each', async () => {
		const { close, stopping } = create();
		const done = stopping.stop(never);
		expect(stopping.hasBegun).toBe(true);
		for (let count = 0; count < 10; count += 1) {
			expect(stopping.wait()).toBeUndefined();
			await sleep(50);
		}
		expect(close).not.toHaveBeenCalled();
		await done;
		expect(close).toHaveBeenCalledOnce();
	});

	it('goes in step with others: begins to hold answers, accepts nobody any more, and lets answers go', async () => {
		const { close, stopping } = create();
		const steps: PromiseWithResolvers<void>[] = [];
		const inStep = () => {
			const step = Promise.withResolvers<void>();
			steps.push(step);
			return step.promise;
		};
		const done = stopping.stop(1, inStep);
		await expect.poll(() => steps.length).toBe(1);
		expect(stopping.wait()).toBeUndefined();
		steps[0]?.resolve();
		await expect.poll(() => steps.length).toBe(2);
		const waiting = stopping.wait();
		expect(waiting).toBeDefined();
		expect(close).not.toHaveBeenCalled();
		steps[1]?.resolve();
		await expect.poll(() => steps.length).toBe(3);
		expect(close).toHaveBeenCalledOnce();
		expect(stopping.wait()).toBe(waiting);
		steps[2]?.resolve();
		await Promise.all([done, waiting]);
		expect(stopping.wait()).toBeUndefined();
		expect(close).toHaveBeenCalledOnce();
	});

	it('is at its end at once when its patience is ended, wherever the others are', async () => {
		for (const stepsBefore of [0, 1, 2]) {
			const { close, stopping } = create();
			let steps = 0;
			void stopping.stop(1, () =>
				steps++ < stepsBefore ? Promise.resolve() : new Promise(() => {})
			);
			await expect.poll(() => steps).toBe(stepsBefore + 1);
			const waiting = stopping.wait();
			void stopping.stop(0);
			await waiting;
			expect(close).toHaveBeenCalledOnce();
		}
	});

	it('does so for as long as it has patience', async () => {
		const { close, stopping } = create();
		const done = stopping.stop(100).then(() => 'done');
		let isDone = false;
		void done.then(() => (isDone = true));
		while (!isDone) {
			void stopping.wait();
			await sleep(1);
		}
		expect(close).toHaveBeenCalledOnce();
	});

	it('keeps answers waiting until it has closed, and then no more', async () => {
		const { close, stopping } = create();
		const order: string[] = [];
		close.mockImplementation(() => order.push('closed'));
		const done = stopping.stop(1);
		let waiting: Promise<void> | undefined;
		while ((waiting = stopping.wait()) === undefined) await sleep(1);
		await waiting?.then(() => order.push('answered'));
		await done;
		expect(order).toEqual(['closed', 'answered']);
		expect(stopping.wait()).toBeUndefined();
	});

	it('loses its patience when it is asked again without any', async () => {
		const { close, stopping } = create();
		const done = stopping.stop(never);
		await stopping.stop(never);
		expect(close).toHaveBeenCalledOnce();
		await done;
		const other = create();
		const patient = other.stopping.stop(never);
		void other.stopping.stop(0);
		expect(other.close).toHaveBeenCalledOnce();
		expect(other.stopping.wait()).toBeUndefined();
		await patient;
		expect(other.close).toHaveBeenCalledOnce();
	});
});
