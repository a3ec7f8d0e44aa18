import { describe, expect, it } from 'vitest';
import { createEpoch } from '../../../../src/server/bus/history.ts';
import { Positions } from '../../../../src/server/topics/positions.ts';

const epoch = createEpoch();

describe('Positions', () => {
	it('are read as what they were made of', () => {
		const positions = new Positions('room:a');
		for (const offset of [0, 1, 35, 36, 1_000_000, 2 ** 52]) {
			expect(positions.read(epoch, positions.at(epoch, offset))).toBe(offset);
		}
	});

	it('begin with what stands for the topic, the same in every process', () => {
		const { token } = new Positions('room:a');
		expect(new Positions('room:a').at(epoch, 7).split('.')[0]).toBe(token);
		expect(new Positions('room:b').token).not.toBe(token);
		expect(new Positions('room:a').read(epoch, new Positions('room:a').at(epoch, 7))).toBe(7);
	});

	it('say neither the topic nor the epoch', () => {
		const text = new Positions('secret-room').at(epoch, 7);
		expect(text).not.toContain('secret');
		expect(text).not.toContain(epoch);
		expect(text).toMatch(/^[\w-]+\.[\w-]+\.7\.[\w-]+$/);
	});

	it('may be taken later, and never earlier', () => {
		const positions = new Positions('room:a');
		const start = positions.at(epoch, 7);
		expect(positions.read(epoch, `${start}~7`)).toBe(7);
		expect(positions.read(epoch, `${start}~9`)).toBe(9);
		expect(positions.read(epoch, `${start}~6`)).toBeUndefined();
		expect(positions.read(epoch, `${start}~0`)).toBeUndefined();
	});

	it('are stale when numbers have begun anew', () => {
		const positions = new Positions('room:a');
		const start = positions.at(epoch, 7);
		const next = createEpoch();
		expect(positions.read(next, start)).toBe('stale');
		expect(positions.read(next, `${start}~9`)).toBe('stale');
		expect(positions.read(next, positions.at(next, 7))).toBe(7);
		expect(positions.read(epoch, start)).toBe(7);
	});

	it('of another topic are none', () => {
		expect(new Positions('a').read(epoch, new Positions('b').at(epoch, 7))).toBeUndefined();
	});

	it('that somebody has made are none', () => {
		const positions = new Positions('room:a');
		const start = positions.at(epoch, 71);
		const [token, publicEpoch, offset, signature] = start.split('.');
		const earlier = `${token}.${publicEpoch}.1.${signature}`;
		const forged = [
			earlier,
			`${token}.${publicEpoch}.${offset}`,
			`${token}.${publicEpoch}.${offset}.`,
			`${token}.${publicEpoch}.${offset}.${'A'.repeat(16)}`,
			`${start}x`,
			`${start}~`,
			`${start}~-1`,
			`${start}~1e9`,
			`${start}~9.5`,
			`${start}~${'9'.repeat(16)}`,
			`${start}~${'9'.repeat(40)}`,
			` ${start}`,
			`${start}\n`,
			'',
			'.',
			'...',
			token ?? ''
		];
		for (const each of forged)
			expect([each, positions.read(epoch, each)]).toEqual([each, undefined]);
	});
});
