import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heartbeatParam, isBeat, noticeParam } from '../../../../src/shared/heartbeat.ts';
import {
	clientPattern,
	escape,
	fieldsOf,
	frame,
	isFrame,
	kinds,
	mark,
	protocolParam,
	version
} from '../../../../src/shared/protocol.ts';

const page = readFileSync('PROTOCOL.md', 'utf8');

/** How many fields the frame of a kind has, and which of them is JSON, if one is. */
const shapes: Record<keyof typeof kinds, { fields: number; json?: number }> = {
	hello: { fields: 2 },
	opened: { fields: 1 },
	text: { fields: 1 },
	request: { fields: 2 },
	binaryRequest: { fields: 2 },
	answer: { fields: 2, json: 1 },
	binaryAnswer: { fields: 2 },
	failure: { fields: 3 },
	refused: { fields: 1, json: 0 },
	topic: { fields: 1, json: 0 },
	left: { fields: 1 },
	message: { fields: 3 },
	binary: { fields: 3 },
	passed: { fields: 2 },
	presence: { fields: 2, json: 1 },
	resume: { fields: 1, json: 0 },
	missing: { fields: 2 }
};

/** The examples of the table, by the kind of their frame. */
const rows = [...page.matchAll(/^\| `(\w+)`\s*\| (server|client|both)\s*\| `\u2416([^`]+)`/gm)].map(
	([, kind = '', from, rest = '']) => ({ kind, from, text: mark + rest.replaceAll('\u2416', mark) })
);

describe('PROTOCOL.md', () => {
	it('has an example of every frame, and of no other', () => {
		expect(rows.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(kinds).toSorted());
	});

	it.each(rows)('shows a frame $kind that is one: $text', ({ kind, text }) => {
		const { fields, json } = shapes[kind as keyof typeof kinds];
		expect(text[1]).toBe(kinds[kind as keyof typeof kinds]);
		const parts = fieldsOf(text, fields);
		expect(parts).toHaveLength(fields);
		expect(frame(kinds[kind as keyof typeof kinds], ...parts)).toBe(text);
		if (json !== undefined) expect(() => JSON.parse(parts[json] ?? '') as unknown).not.toThrow();
	});

	it('says who sends a frame as the contract does', () => {
		const source = readFileSync('src/shared/protocol.ts', 'utf8');
		for (const { kind, from } of rows) {
			const [, said] = new RegExp(`/\\*\\* (\\w+)[^*]*\\*/\\n\\t${kind}: `).exec(source) ?? [];
			expect([kind, said?.toLowerCase()]).toEqual([kind, from]);
		}
	});

	it('shows conversations of nothing but frames', () => {
		const lines = [...page.matchAll(/^(?:client|server): (.*)$/gm)].map(([, text = '']) => text);
		expect(lines.length).toBeGreaterThan(5);
		for (const line of lines) {
			const text = line.replaceAll('\u2416', mark);
			expect(isFrame(text) && Object.values<string>(kinds).includes(text[1] ?? '')).toBe(true);
		}
	});

	it('asks for it as the client does', () => {
		const asked = [...page.matchAll(new RegExp(`${protocolParam}=([^&\`\\s]+)`, 'g'))];
		expect(asked.length).toBeGreaterThan(2);
		for (const [, value = ''] of asked) {
			const [, name = ''] = value.split('.');
			expect(name).toMatch(clientPattern);
		}
		expect(asked[0]?.[1]).toBe(`${version}.k3v9x2mq`);
		expect(page).toContain(heartbeatParam);
		expect(page).toContain(noticeParam);
	});

	it('shows beats that are some', () => {
		const beats = [...page.matchAll(/`\u2416(-?\d+)`/g)].map(([, number]) => number);
		expect(beats.length).toBeGreaterThan(2);
		for (const number of beats) expect(isBeat(mark + number)).toBe(true);
	});
});

describe('frames', () => {
	it('have letters of their own, none of which begins a beat', () => {
		const letters = Object.values<string>(kinds);
		expect(new Set(letters).size).toBe(letters.length);
		for (const letter of letters) expect(letter).not.toMatch(/^[-\d]/);
	});

	it('have fields, of which the last takes the rest', () => {
		expect(fieldsOf(frame('m', 3, 17, 'a,b,,c'), 3)).toEqual(['3', '17', 'a,b,,c']);
		expect(fieldsOf(frame('m', 3, 17, ''), 3)).toEqual(['3', '17', '']);
		expect(fieldsOf(frame('a', 3), 2)).toEqual(['3']);
		expect(fieldsOf(frame('o'), 1)).toEqual(['']);
		expect(fieldsOf(mark, 2)).toEqual(['']);
	});

	it('are no texts of the app, which are escaped', () => {
		for (const text of ['', 'a', '7', ` ${mark}`]) expect(escape(text)).toBe(text);
		for (const text of [mark, `${mark}7`, `${mark}${mark}a`]) {
			expect(escape(text)).toBe(mark + text);
			expect(escape(text)[1]).toBe(kinds.text);
			expect(escape(text).slice(1)).toBe(text);
		}
		expect(isFrame(new TextEncoder().encode(mark))).toBe(false);
		expect(isFrame(undefined)).toBe(false);
	});
});
