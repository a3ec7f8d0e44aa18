import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { Closing, Closings } from '../../../../src/server/registry/closings.ts';
import type { CloseFilter, CloseTarget } from '../../../../src/server/registry/websockets.ts';
import { FakeLog } from '../../support/log.ts';
import { identity } from '../../support/peers.ts';

const target: CloseTarget = { ...identity, topics: new Set() };

function closing(filter?: CloseFilter, reason = '') {
	const log = new FakeLog();
	return { log, closing: new Closing({ code: 4401, reason, filter, log }) };
}

describe('a call of close', () => {
	it('means everybody without a filter, and those whom its filter picks', () => {
		expect(closing().closing.picks(target)).toBe(true);
		expect(closing(() => true).closing.picks(target)).toBe(true);
		expect(closing(() => false).closing.picks(target)).toBe(false);
	});

	it('means nobody whom its filter fails on, and says so once', () => {
		const failing = closing(({ data }) => (data as { id: number }).id === 7);
		expect(failing.closing.picks(target)).toBe(false);
		expect(failing.closing.picks({ ...target, data: { id: 7 } })).toBe(true);
		expect(failing.closing.picks(target)).toBe(false);
		expect(failing.log.errors).toEqual([
			{ what: expect.stringContaining('websockets.close'), error: expect.any(TypeError) }
		]);
	});

	it('means nobody where its filter returns a promise, which would be as good as true', () => {
		const later = closing((() => Promise.resolve(false)) as unknown as CloseFilter);
		expect(later.closing.picks(target)).toBe(false);
		expect(later.log.errors).toHaveLength(1);
	});

	it('means nobody where that is another kind of promise, or one that rejects, which ends nothing', async () => {
		const rejects = closing((() => Promise.reject(new Error('no'))) as unknown as CloseFilter);
		// oxlint-disable-next-line unicorn/no-thenable -- that is what some libraries return
		const another = closing((() => ({ then: () => {} })) as unknown as CloseFilter);
		for (const each of [rejects, another]) {
			expect(each.closing.picks(target)).toBe(false);
			expect(each.log.errors).toHaveLength(1);
		}
		// What rejects unheard is told by now, and fails the run.
		await new Promise((resolve) => setImmediate(resolve));
	});

	it('asks its filter in the async context of the call', () => {
		const tenant = new AsyncLocalStorage<string>();
		const made = tenant.run('one', () => closing(() => tenant.getStore() === 'one'));
		expect(tenant.run('another', () => made.closing.picks(target))).toBe(true);
	});
});

describe('an upgrade under way', () => {
	it('hears of the calls that were made since it began, the first that means it', () => {
		const closings = new Closings();
		closings.add(closing(undefined, 'before').closing, undefined);
		const mark = closings.mark();
		expect(closings.find(mark, () => target)).toBeUndefined();
		closings.add(closing(() => false, 'somebody else').closing, undefined);
		closings.add(closing(undefined, 'first').closing, undefined);
		closings.add(closing(undefined, 'second').closing, undefined);
		expect(closings.find(mark, () => target)?.reason).toBe('first');
		expect(closings.find(closings.mark(), () => target)).toBeUndefined();
	});

	it('is not meant by its own call, which means those that began before it and none that began after', () => {
		const closings = new Closings();
		const [first, second, third] = [closings.mark(), closings.mark(), closings.mark()];
		closings.add(closing().closing, second.order);
		expect(closings.find(first, () => target)).toBeDefined();
		expect(closings.find(second, () => target)).toBeUndefined();
		expect(closings.find(third, () => target)).toBeUndefined();
	});

	it('leaves one of two that close each other', () => {
		const closings = new Closings();
		const both = [closings.mark(), closings.mark()];
		for (const { order } of both) closings.add(closing().closing, order);
		const left = both.filter((mark) => closings.find(mark, () => target) === undefined);
		expect(left).toEqual([both[1]]);
	});
});
