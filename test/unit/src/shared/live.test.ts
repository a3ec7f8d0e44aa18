import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	asks,
	bodyWindow,
	cookiesHeader,
	liveFieldsOf,
	liveFrame,
	livePath,
	liveProtocol,
	maxAsk,
	maxLiveQueries,
	maxPiece,
	says,
	sentHeaders
} from '../../../../src/shared/live.ts';

const [, page = ''] = readFileSync('PROTOCOL.md', 'utf8').split('## Live queries');
const frames: Record<string, string> = { ...asks, ...says };

/** The examples of the table. */
const rows = [...page.matchAll(/^\| `(\w+)` +\| `([^`]+)`/gm)].map(([, kind = '', text = '']) => ({
	kind,
	text
}));

describe('live queries in PROTOCOL.md', () => {
	it('have an example of every frame, and of no other', () => {
		expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(frames));
	});

	it.each(rows)('show a frame $kind that is one: $text', ({ kind, text }) => {
		expect(text[0]).toBe(frames[kind]);
		const [number, rest] = liveFieldsOf(text);
		expect(number).toBeGreaterThan(0);
		expect(liveFrame(text.charAt(0), ...(rest === '' ? [number] : [number, rest]))).toBe(text);
		if (kind === 'get' || kind === 'head') expect(JSON.parse(rest)).toHaveProperty('headers');
		else expect(rest).toMatch(/^\d*$/);
	});

	it('have the names and numbers of the contract', () => {
		const told = [livePath, liveProtocol, cookiesHeader, ...sentHeaders];
		const numbers = [maxAsk, maxLiveQueries, maxPiece, `${bodyWindow / 1024} KiB`];
		for (const each of [...told, ...numbers]) expect(page).toContain(String(each));
	});

	it('have no letter twice', () => {
		expect(new Set(Object.values(frames)).size).toBe(Object.keys(frames).length);
	});
});
