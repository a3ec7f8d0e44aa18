import { afterEach, describe, expect, test, vi } from 'vitest';
import { LiveCookies } from '../../../../src/server/live/live-cookies.ts';
import { meet } from '../../support/processes.ts';

afterEach(() => vi.useRealTimers());

async function some(count: number): Promise<LiveCookies[]> {
	const { processes } = await meet(count);
	return processes.map(({ registry }) => new LiveCookies(registry.processes));
}

describe('cookies that answers on sockets have set', () => {
	test('are given once, for a key that nobody can guess', async () => {
		const cookies = new LiveCookies(undefined);
		const [one, other] = [cookies.keep(['a=1', 'b=2']), cookies.keep(['c=3'])];
		expect(one).toMatch(/^[0-9a-f]{12}[\w-]{43}$/);
		expect(one).not.toBe(other);
		expect(await cookies.take(one)).toEqual(['a=1', 'b=2']);
		expect(await cookies.take(one)).toBeUndefined();
		expect(await cookies.take(other)).toEqual(['c=3']);
	});

	test.for(['', 'a', 'a'.repeat(55), '\r\n'])(
		'are not given for what is no key: %j',
		async (key) => {
			expect(await new LiveCookies(undefined).take(key)).toBeUndefined();
		}
	);

	test('are forgotten after half a minute', async () => {
		vi.useFakeTimers();
		const cookies = new LiveCookies(undefined);
		const [early, late] = [cookies.keep(['a=1']), cookies.keep(['b=2'])];
		vi.advanceTimersByTime(29_999);
		expect(await cookies.take(early)).toEqual(['a=1']);
		vi.advanceTimersByTime(1);
		expect(await cookies.take(late)).toBeUndefined();
	});

	test('are found by every process, once', async () => {
		const [one, other, third] = await some(3);
		const key = one?.keep(['a=1']) ?? '';
		expect(await other?.take(key)).toEqual(['a=1']);
		expect(await third?.take(key)).toBeUndefined();
		expect(await one?.take(key)).toBeUndefined();
	});

	test('are asked of no process that is not known', async () => {
		const [one] = await some(2);
		expect(await one?.take(`0123456789ab${'x'.repeat(43)}`)).toBeUndefined();
	});

	test('are not waited for for ever', async () => {
		const { processes } = await meet(2);
		const [here, there] = processes.map(({ registry }) => registry.processes);
		const key = new LiveCookies(there).keep(['a=1']);
		there?.listen(26, () => {});
		vi.useFakeTimers();
		const taken = new LiveCookies(here).take(key);
		vi.advanceTimersByTime(5000);
		expect(await taken).toBeUndefined();
	});
});
