import { describe, expect, it } from 'vitest';
import { isAllowedOrigin, type OriginRules } from '../../../../src/server/handshake/origin.ts';

const rules: OriginRules = {
	allowedOrigins: 'same-origin',
	trustedOrigins: [],
	isPinned: false
};

const allowed = (origin: string | undefined, url: string, more: Partial<OriginRules> = {}) =>
	isAllowedOrigin(origin, new URL(url), { ...rules, ...more });

describe('the own origin', () => {
	it.each([
		['https://example.com', 'https://example.com/chat'],
		['https://example.com:8443', 'https://example.com:8443/chat'],
		['http://localhost:5173', 'https://localhost:5173/'],
		['http://[::1]:3000', 'https://[::1]:3000/'],
		['http://127.0.0.1', 'https://127.0.0.1/'],
		['https://example.com', 'https://EXAMPLE.com/'],
		['https://xn--bcher-kva.example', 'https://b\u00fccher.example/'],
		['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example/'],
		['http://example.com:443', 'http://example.com:443/'],
		['http://example.com', 'https://example.com:80/']
	])('%s may open a socket to %s', (origin, url) => {
		expect(allowed(origin, url)).toBe(true);
	});

	it.each([
		['https://evil.example', 'https://example.com/'],
		['https://example.com.evil.example', 'https://example.com/'],
		['https://evil-example.com', 'https://example.com/'],
		['https://sub.example.com', 'https://example.com/'],
		['https://example.com', 'https://sub.example.com/'],
		['https://example.com:8443', 'https://example.com/'],
		['https://example.com', 'https://example.com:8443/'],
		['http://localhost:5174', 'https://localhost:5173/'],
		['https://example.com@evil.example', 'https://example.com/'],
		['null', 'https://example.com/'],
		['null', 'null://null/'],
		['', 'https://example.com/'],
		['foo://example.com', 'https://example.com/'],
		['foo://example.com', 'foo://example.com/'],
		['capacitor://localhost', 'https://localhost/'],
		['ws://example.com', 'https://example.com/'],
		['wss://example.com', 'https://example.com/'],
		['file://example.com', 'https://example.com/'],
		['blob:https://example.com', 'https://example.com/'],
		['https:example.com', 'https://example.com/'],
		// what no browser sends for it
		['https://example.com/', 'https://example.com/'],
		['https://EXAMPLE.com', 'https://example.com/'],
		['HTTPS://example.com', 'https://example.com/'],
		['https://example.com:443', 'https://example.com/'],
		['https://b\u00fccher.example', 'https://xn--bcher-kva.example/'],
		['http://0x7f.1', 'https://127.0.0.1/'],
		['https://example.com, https://example.com', 'https://example.com/'],
		['example.com', 'https://example.com/'],
		['https://', 'https://example.com/'],
		['file://', 'https://example.com/']
	])('%s may not open a socket to %s', (origin, url) => {
		expect(allowed(origin, url)).toBe(false);
	});

	it('is known by its host alone behind a proxy that says http or https', () => {
		expect(allowed('http://example.com', 'https://example.com/')).toBe(true);
		expect(allowed('https://example.com', 'http://example.com/')).toBe(true);
	});

	it('is known with its scheme where the app pins it', () => {
		expect(allowed('https://example.com', 'https://example.com/', { isPinned: true })).toBe(true);
		expect(allowed('http://example.com', 'https://example.com/', { isPinned: true })).toBe(false);
	});

	it('may name the port that its scheme implies', () => {
		expect(allowed('https://example.com', 'http://example.com:443/')).toBe(true);
	});
});

describe('a client without an origin', () => {
	it('is no browser and may open a socket', () => {
		expect(allowed(undefined, 'https://example.com/')).toBe(true);
		expect(allowed(undefined, 'https://example.com/', { allowedOrigins: [] })).toBe(true);
	});
});

describe('allowedOrigins', () => {
	it("'*' lets everyone in", () => {
		for (const origin of ['https://evil.example', 'null', '', 'no url']) {
			expect(allowed(origin, 'https://example.com/', { allowedOrigins: '*' })).toBe(true);
		}
	});

	it.each([
		'capacitor://localhost',
		'tauri://localhost',
		'chrome-extension://abc',
		'null',
		'file://'
	])('lets in %s, which is the same as nothing but itself', (origin) => {
		const list = { allowedOrigins: [origin] };
		for (const isPinned of [true, false]) {
			const more = { ...list, isPinned };
			expect(allowed(origin, 'https://example.com/', more)).toBe(true);
			expect(allowed(`${origin}.evil.example`, 'https://example.com/', more)).toBe(false);
		}
		expect(allowed(origin, 'https://example.com/')).toBe(false);
	});

	it('lets in those of the list, besides the own origin', () => {
		const list = { allowedOrigins: ['https://app.example', 'http://localhost:5173'] };
		expect(allowed('https://app.example', 'https://example.com/', list)).toBe(true);
		expect(allowed('http://localhost:5173', 'https://example.com/', list)).toBe(true);
		expect(allowed('https://example.com', 'https://example.com/', list)).toBe(true);
	});

	it.each([
		'http://app.example',
		'https://app.example:8443',
		'https://app.example.evil.example',
		'https://sub.app.example',
		'https://app',
		'capacitor://app.example',
		'null'
	])('that is a list does not let in %s', (origin) => {
		const list = { allowedOrigins: ['https://app.example'] };
		expect(allowed(origin, 'https://example.com/', list)).toBe(false);
	});
});

describe("Kit's trusted origins", () => {
	it('may always open a socket', () => {
		const trusted = { trustedOrigins: ['https://trusted.example'] };
		expect(allowed('https://trusted.example', 'https://example.com/', trusted)).toBe(true);
		expect(
			allowed('https://trusted.example', 'https://example.com/', { ...trusted, isPinned: true })
		).toBe(true);
		expect(
			allowed('https://trusted.example', 'https://example.com/', {
				...trusted,
				allowedOrigins: ['https://app.example']
			})
		).toBe(true);
	});

	it('let nobody else in', () => {
		const trusted = { trustedOrigins: ['https://trusted.example'] };
		expect(allowed('https://other.example', 'https://example.com/', trusted)).toBe(false);
	});
});

it('is any where csrf.trustedOrigins has a star, as Kit says of it', () => {
	const trustedOrigins = ['https://trusted.example', '*'];
	for (const origin of ['https://anywhere.example', 'null']) {
		expect(allowed(origin, 'https://example.com/', { trustedOrigins })).toBe(true);
	}
});
