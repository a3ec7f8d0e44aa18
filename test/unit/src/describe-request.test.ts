import { describe, expect, it } from 'vitest';
import { describeRequest } from '../../../src/server/describe-request.ts';

const key = 'Zk3v8Jq0b1yT5mXn2rWc7dLf9gHs4aPuQeRtYiOpAsD';

describe('a request in the log', () => {
	it.each([
		['/', '/'],
		['/chat/lobby', '/chat/lobby'],
		['/chat?token=secret', '/chat'],
		['/chat?', '/chat'],
		['/chat#secret', '/chat'],
		['/chat?a=1?token=secret#b', '/chat'],
		[`/_/connect/${key}`, '/_/connect/\u2026'],
		[`/base/_/connect/${key}?token=secret`, '/base/_/connect/\u2026'],
		[`/de/_/connect/${key}/more`, '/de/_/connect/\u2026'],
		[`/_/connect//${key}`, '/_/connect/\u2026'],
		['/_/connect/', '/_/connect/\u2026'],
		['/connect/lobby', '/connect/lobby'],
		['http://user:password@host/chat?token=secret', '/chat'],
		['https://host?token=secret', ''],
		['*', '*'],
		['/a\nb\u001b[2Jc', '/a b [2Jc']
	])('with the target %j is %j', (target, shown) => {
		expect(describeRequest({ method: 'GET', target })).toBe(`GET ${shown}`);
	});

	it('is short, whatever the client sends', () => {
		const text = describeRequest({ method: 'GET', target: `/${'a'.repeat(14_000)}` });
		expect(text).toBe(`GET /${'a'.repeat(195)}\u2026`);
		expect(describeRequest({ method: 'M'.repeat(14_000), target: '/' }).length).toBe(201);
	});
});
