import { describe, expect, it } from 'vitest';
import { originProblem } from '../../../adapter/origins.ts';

describe('an origin that browsers or apps send', () => {
	it.each([
		'https://example.com',
		'http://localhost:5173',
		'http://[::1]:8080',
		'https://xn--bcher-kva.example',
		'http://tauri.localhost',
		'capacitor://localhost',
		'ionic://localhost',
		'tauri://localhost',
		'app://-',
		'app://localhost:8080',
		'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
		'moz-extension://3f2504e0-4f89-11d3-9a0c-0305e82c3301',
		'file://',
		'null'
	])('may be %s', (origin) => {
		expect(originProblem(origin)).toBeUndefined();
	});
});

describe('what is not sent like that', () => {
	it.each([
		['https://example.com/', 'https://example.com'],
		['https://example.com/chat?a#b', 'https://example.com'],
		['https://EXAMPLE.com', 'https://example.com'],
		['HTTPS://example.com', 'https://example.com'],
		['https://example.com:443', 'https://example.com'],
		['http://example.com:80', 'http://example.com'],
		['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
		['https://user@example.com', 'https://example.com'],
		[' https://example.com', 'https://example.com'],
		['wss://example.com', 'https://example.com'],
		['ws://localhost:5173', 'http://localhost:5173'],
		['example.com', 'https://example.com'],
		['localhost:5173', 'https://localhost:5173'],
		['capacitor://localhost/', 'capacitor://localhost'],
		['Capacitor://LOCALHOST', 'capacitor://localhost']
	])('is answered with what is: %s', (origin, meant) => {
		expect(originProblem(origin)).toBe(
			`Instead of ${JSON.stringify(origin)} browsers send "${meant}": write that.`
		);
	});

	it.each(['', '://', 'https://', 'app://', 'app://a b', 'app://localhost:0', 'a b'])(
		'is no origin at all: %j',
		(origin) => {
			expect(originProblem(origin)).toBe(`No page has the origin ${JSON.stringify(origin)}.`);
		}
	);

	it.each(['*', 'https://*.example.com', 'https://*'])('has a star: %s', (origin) => {
		expect(originProblem(origin)).toContain("or write '*' instead of the list");
	});

	it('is the word for the own origin, which needs no place in a list', () => {
		expect(originProblem('same-origin')).toContain("leave 'same-origin' out");
	});

	it.each([undefined, null, 7, /example/])('is no text: %o', (origin) => {
		expect(originProblem(origin)).toBe('An origin is a string.');
	});
});
