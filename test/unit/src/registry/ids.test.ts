import { describe, expect, it } from 'vitest';
import { createId, createProcessId, processOf } from '../../../../src/server/registry/ids.ts';

describe('the id of a process', () => {
	it('is 12 hexadecimal digits, and never the same', () => {
		const ids = Array.from({ length: 100 }, createProcessId);
		expect(ids.every((id) => /^[\da-f]{12}$/.test(id))).toBe(true);
		expect(new Set(ids).size).toBe(100);
	});
});

describe('the id of a peer', () => {
	it('is a UUID of version 8 that says in which process it is', () => {
		const id = createId('0123456789ab');
		expect(id).toMatch(/^01234567-89ab-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
		expect(processOf(id)).toBe('0123456789ab');
	});

	it('is never the same', () => {
		const ids = Array.from({ length: 1000 }, () => createId('0123456789ab'));
		expect(new Set(ids).size).toBe(1000);
	});

	it.each([
		'',
		'nobody',
		'01234567-89ab-4123-8123-0123456789ab',
		'01234567-89AB-8123-8123-0123456789AB',
		'x01234567-89ab-8123-8123-0123456789ab',
		'01234567-89ab-8123-8123-0123456789ab\n',
		'01234567-89ab-8123-c123-0123456789ab'
	])('is not %j', (id) => {
		expect(processOf(id)).toBeUndefined();
	});
});
