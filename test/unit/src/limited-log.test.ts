import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LimitedLog } from '../../../src/server/limited-log.ts';
import { FakeLog } from '../support/log.ts';

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

it('passes on what comes, up to a hundred warnings of a kind', () => {
	const log = new FakeLog();
	const limited = new LimitedLog(log);
	limited.info('listening');
	limited.error('broken', 'why');
	for (let index = 0; index < 1000; index += 1) limited.warn('left', String(index), 'Do.');
	limited.warn('other');
	expect(log.infos).toEqual(['listening']);
	expect(log.errors).toEqual([{ what: 'broken', error: 'why' }]);
	expect(log.warnings).toHaveLength(101);
	expect(log.warnings[99]).toEqual({ what: 'left', value: '99', todo: 'Do.' });
	expect(log.warnings[100]).toEqual({ what: 'other', value: undefined });
});

it('says at the end of the minute how many more there were, and begins anew', () => {
	const log = new FakeLog();
	const limited = new LimitedLog(log);
	for (let index = 0; index < 142; index += 1) limited.warn('left');
	vi.advanceTimersByTime(59_999);
	expect(log.warnings).toHaveLength(100);
	vi.advanceTimersByTime(1);
	expect(log.warnings.slice(100)).toEqual([{ what: 'left', value: '42 more within a minute' }]);
	limited.warn('left', 'again');
	expect(log.warnings.at(-1)?.value).toBe('again');
	vi.advanceTimersByTime(60_000);
	expect(log.warnings).toHaveLength(102);
});

it('limits no errors: each may be another one', () => {
	const log = new FakeLog();
	const limited = new LimitedLog(log);
	for (let index = 0; index < 1000; index += 1) limited.error('broken', index);
	expect(log.errors).toHaveLength(1000);
});
