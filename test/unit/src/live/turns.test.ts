import { describe, expect, test } from 'vitest';
import { Turns } from '../../../../src/server/live/turns.ts';

const all = () => true;

/** Who has the next turns. */
function walk(
	turns: Turns<string>,
	count: number,
	isReady: (who: string) => boolean = all
): string {
	return Array.from({ length: count }, () => {
		const who = turns.next(isReady) ?? '-';
		if (who !== '-') turns.had(who);
		return who;
	}).join('');
}

function turnsOf(...names: string[]): Turns<string> {
	const turns = new Turns<string>();
	for (const name of names) turns.add(name);
	return turns;
}

describe('turns', () => {
	test('go round', () => {
		expect(walk(turnsOf('a', 'b', 'c'), 7)).toBe('abcabca');
	});

	test("are nobody's where nobody waits", () => {
		expect(turnsOf().next(all)).toBeUndefined();
		expect(turnsOf('a').next(() => false)).toBeUndefined();
	});

	test('come at once to whoever has had none', () => {
		const turns = turnsOf('a', 'b');
		walk(turns, 2);
		turns.add('c');
		expect(walk(turns, 4)).toBe('cabc');
	});

	test('do not come earlier to whoever has had one and says again that there is something', () => {
		const turns = turnsOf('a', 'b', 'c');
		walk(turns, 1);
		turns.add('a');
		expect(walk(turns, 3)).toBe('bca');
	});

	test('do not come earlier to whoever had nothing for less than a round', () => {
		const turns = turnsOf('a', 'b', 'c');
		const isReady = (who: string) => who !== 'a';
		walk(turns, 1);
		expect(walk(turns, 1, isReady)).toBe('b');
		turns.add('a');
		expect(walk(turns, 2)).toBe('ca');
	});

	test('come at once to whoever had nothing for a round', () => {
		const turns = turnsOf('a', 'b');
		walk(turns, 2);
		expect(walk(turns, 2, (who) => who !== 'a')).toBe('bb');
		turns.add('a');
		expect(walk(turns, 2)).toBe('ab');
	});

	test('leave out who has left', () => {
		const turns = turnsOf('a', 'b', 'c');
		walk(turns, 1);
		turns.delete('a');
		turns.delete('c');
		expect(walk(turns, 2)).toBe('bb');
		turns.clear();
		expect(turns.next(all)).toBeUndefined();
	});
});
