import { describe, expect, it, vi } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { OneTimeKeys } from '../../../../src/server/registry/keys.ts';
import { FakeEngine } from '../../support/engine.ts';

const handler = { open() {} };

describe('a one-time key', () => {
	it('is 256 random bits behind the process that has made it', () => {
		const keys = new OneTimeKeys('0123456789ab');
		const [one, two] = [keys.add(handler, 1000), keys.add(handler, 1000)];
		expect(one.slice(0, 12)).toBe('0123456789ab');
		expect(Buffer.from(one.slice(12), 'base64url').byteLength).toBe(32);
		expect(one).not.toBe(two);
		keys.clear();
	});

	it('leads to its handler once; looking does not spend it', () => {
		const keys = new OneTimeKeys('0123456789ab');
		const key = keys.add(handler, 1000);
		expect(keys.peek(key)).toBe(handler);
		expect(keys.take(key)).toBe(handler);
		expect(keys.take(key)).toBeUndefined();
		expect(keys.peek(key)).toBeUndefined();
		expect(keys.size).toBe(0);
	});

	it('keeps no process from ending', () => {
		const keys = new OneTimeKeys('0123456789ab');
		const timers = vi.spyOn(globalThis, 'setTimeout');
		keys.add(handler, 1000);
		const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout);
		timers.mockRestore();
		expect(timer?.hasRef()).toBe(false);
		keys.clear();
	});

	it('that was used leaves no timer behind', () => {
		vi.useFakeTimers();
		try {
			const keys = new OneTimeKeys('0123456789ab');
			keys.take(keys.add(handler, 1000));
			expect(vi.getTimerCount()).toBe(0);
			keys.add(handler, 1000);
			keys.clear();
			expect([keys.size, vi.getTimerCount()]).toEqual([0, 0]);
		} finally {
			vi.useRealTimers();
		}
	});

	it('expires, and leaves nothing behind', () => {
		vi.useFakeTimers();
		try {
			const keys = new OneTimeKeys('0123456789ab');
			const key = keys.add(handler, 500);
			vi.advanceTimersByTime(499);
			expect(keys.peek(key)).toBe(handler);
			vi.advanceTimersByTime(1);
			expect(keys.take(key)).toBeUndefined();
			expect(keys.size).toBe(0);
			expect(vi.getTimerCount()).toBe(0);
		} finally {
			vi.useRealTimers();
		}
	});
});

it('keeps a key for as long as a timer can, where it is to be kept for longer', () => {
	vi.useFakeTimers();
	try {
		const keys = new OneTimeKeys('0123456789ab');
		for (const ttl of [Infinity, 30 * 24 * 3_600_000]) {
			const key = keys.add(handler, ttl);
			vi.advanceTimersByTime(24 * 24 * 3_600_000);
			expect(keys.peek(key)).toBe(handler);
			keys.clear();
		}
	} finally {
		vi.useRealTimers();
	}
});

describe('use', () => {
	it.each([
		[
			'http://localhost:3000/page?q',
			'',
			/^ws:\/\/localhost:3000\/_\/connect\/[0-9a-f]{12}[\w-]{43}$/
		],
		[
			'https://example.com/',
			'/base',
			/^wss:\/\/example\.com\/base\/_\/connect\/[0-9a-f]{12}[\w-]{43}$/
		]
	])('gives a URL on the host of %s', (url, base, expected) => {
		const registry = new Registry();
		registry.attach(new FakeEngine(), { base });
		expect(registry.use({ url: new URL(url) }, handler)).toMatch(expected);
		expect(registry.keys.size).toBe(1);
		registry.detach();
		expect(registry.keys.size).toBe(0);
	});

	it.each([
		[undefined, 120_000],
		[{ ttl: undefined }, 120_000],
		[{ ttl: 700 }, 700],
		[{ ttl: 3_600_000 }, 3_600_000]
	])('gives a key that is valid for as long as it is told: %j, %i ms', (options, ttl) => {
		vi.useFakeTimers();
		try {
			const registry = new Registry();
			registry.attach(new FakeEngine());
			const { pathname } = new URL(registry.use({ url: new URL('http://a/') }, handler, options));
			const key = pathname.split('/').at(-1) ?? '';
			vi.advanceTimersByTime(ttl - 1);
			expect(registry.keys.peek(key)).toBe(handler);
			vi.advanceTimersByTime(1);
			expect(registry.keys.peek(key)).toBeUndefined();
			expect(registry.keys.take(key)).toBeUndefined();
		} finally {
			vi.useRealTimers();
		}
	});

	it('is harmless where no server runs', () => {
		const registry = new Registry();
		expect(registry.use({ url: new URL('https://example.com') }, handler)).toMatch(/^wss:/);
		expect(registry.keys.size).toBe(0);
	});

	it.each([
		['https://example.com', 'http://example.com', 'ws:'],
		['https://example.com', 'https://example.com', 'wss:'],
		['https://example.com', 'http://evil.example', 'wss:'],
		['https://example.com:3000', 'http://example.com', 'wss:'],
		['https://example.com', 'null', 'wss:'],
		['http://example.com', 'https://example.com', 'ws:']
	])('are at the scheme of a page that knows it: for %s, asked from %s', (url, origin, scheme) => {
		const registry = new Registry();
		const event = { url: new URL(url), request: { headers: new Headers({ origin }) } };
		expect(new URL(registry.use(event, {})).protocol).toBe(scheme);
	});
});
