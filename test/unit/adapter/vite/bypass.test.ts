import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { ProxyOptions } from 'vite';
import { Bypasses } from '../../../../adapter/vite/bypass.ts';

type Bypass = NonNullable<ProxyOptions['bypass']>;

/** An upgrade to `/api`, for whose proxy this decides, as Vite asks it. */
function ask(bypass: Bypass, isUpgrade = true) {
	const options = { proxy: { '/api': { target: 'http://localhost:1', bypass } } };
	const bypasses = new Bypasses(options);
	const req = { url: '/api?a=1' } as IncomingMessage;
	const socket = new PassThrough();
	const answer = vi.fn();
	if (isUpgrade) bypasses.listen(req, socket, answer);
	const given = options.proxy['/api'];
	const decide = () => given.bypass(req, {} as ServerResponse, given);
	const written = () => String(socket.read() ?? '');
	return { req, answer, decide, written, given };
}

const settled = () => new Promise((resolve) => void setImmediate(resolve));

describe('an upgrade that a bypass decides on', () => {
	it.each<[string, Bypass]>([
		['at once', () => '/chat'],
		['later', () => Promise.resolve('/chat')]
	])('is answered here where it is handed back %s, at its new URL', async (_, bypass) => {
		const { req, answer, decide, written } = ask(bypass);
		answer.mockImplementation(() => expect(req.url).toBe('/chat'));
		expect(await decide()).toBe('/chat');
		await settled();
		expect(answer).toHaveBeenCalledTimes(1);
		expect(written()).toBe('');
	});

	it.each([undefined, null, false])('is the proxy\u2019s where it says %s', async (decision) => {
		const { req, answer, decide, written } = ask(() => decision as undefined);
		expect(await decide()).toBe(decision);
		await settled();
		expect(answer).not.toHaveBeenCalled();
		expect([req.url, written()]).toEqual(['/api?a=1', '']);
	});

	it('is answered 500 where it throws, and Vite hears of it', async () => {
		const { answer, decide, written } = ask(() => {
			throw new Error('bypass broke');
		});
		expect(decide).toThrow('bypass broke');
		await settled();
		expect(answer).not.toHaveBeenCalled();
		expect(written()).toMatch(/^HTTP\/1\.1 500 /);
	});

	it('is answered 500 where it rejects, and Vite hears of it', async () => {
		const { answer, decide, written } = ask(() => Promise.reject(new Error('bypass broke')));
		await expect(decide()).rejects.toThrow('bypass broke');
		await settled();
		expect(answer).not.toHaveBeenCalled();
		expect(written()).toMatch(/^HTTP\/1\.1 500 /);
	});
});

describe('a request that is no upgrade', () => {
	it('is left as the bypass decides', async () => {
		const { req, answer, decide } = ask(() => '/index.html', false);
		expect(decide()).toBe('/index.html');
		await settled();
		expect(answer).not.toHaveBeenCalled();
		expect(req.url).toBe('/api?a=1');
	});

	it('gets what it throws', () => {
		const { decide } = ask(() => {
			throw new Error('bypass broke');
		}, false);
		expect(decide).toThrow('bypass broke');
	});
});

describe('the options of proxies', () => {
	it('keep all that is no bypass, and what it is called on', async () => {
		const seen: unknown[] = [];
		const { given, decide } = ask(function bypass(this: unknown, _req, _res, options) {
			seen.push(this, options);
		});
		await decide();
		expect(given.target).toBe('http://localhost:1');
		expect(seen).toEqual([given, given]);
	});

	it('stay as they are without one', () => {
		const rewrite = { target: 'http://localhost:2', ws: true };
		const options = {
			proxy: { '/a': 'http://localhost:1', '/b': rewrite, '/c': undefined as never }
		};
		void new Bypasses(options);
		expect(options.proxy).toEqual({ '/a': 'http://localhost:1', '/b': rewrite, '/c': undefined });
		const none: { proxy?: Record<string, string> } = {};
		void new Bypasses(none);
		expect(none).toEqual({});
	});
});
