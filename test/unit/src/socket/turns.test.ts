import { expect, it } from 'vitest';
import { Turns } from '../../../../src/server/socket/turns.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('runs what comes at once while nothing takes time', () => {
	const notes: string[] = [];
	const turns = new Turns({ onIdle: () => void notes.push('idle') });
	for (const name of ['a', 'b']) turns.take(() => void notes.push(name));
	expect(notes).toEqual(['a', 'idle', 'b', 'idle']);
});

it('lets nothing overtake what takes time, and knows how much waits', async () => {
	const notes: string[] = [];
	const turns = new Turns({ onIdle: () => void notes.push('idle') });
	const first = Promise.withResolvers<void>();
	turns.take(() => first.promise, 1);
	for (const [name, bytes] of [
		['a', 10],
		['b', 20]
	] as const) {
		turns.take(() => void notes.push(`${name} ${turns.bytes}`), bytes);
	}
	expect([turns.isBusy, turns.areWaiting, turns.bytes]).toEqual([true, true, 30]);
	first.resolve();
	await settled();
	expect(notes).toEqual(['a 20', 'b 0', 'idle']);
	expect([turns.isBusy, turns.areWaiting]).toEqual([false, false]);
});

it('puts what comes while something runs behind it', () => {
	const notes: string[] = [];
	const turns = new Turns({ onIdle: () => void notes.push('idle') });
	turns.take(() => {
		turns.take(() => void notes.push('inner'));
		notes.push('outer');
		return undefined;
	});
	expect(notes).toEqual(['outer', 'inner', 'idle']);
});

it('forgets what waits, and goes on', async () => {
	const notes: string[] = [];
	const turns = new Turns({ onIdle: () => void notes.push('idle') });
	const first = Promise.withResolvers<void>();
	turns.take(() => first.promise);
	turns.take(() => void notes.push('never'), 5);
	turns.clear();
	expect(turns.bytes).toBe(0);
	turns.take(() => void notes.push('later'));
	first.resolve();
	await settled();
	expect(notes).toEqual(['later', 'idle']);
});

it('gives turns to a great many in no time', async () => {
	let count = 0;
	const turns = new Turns({ onIdle: () => {} });
	const first = Promise.withResolvers<void>();
	turns.take(() => first.promise);
	for (let index = 0; index < 300_000; index += 1) turns.take(() => void (count += 1));
	first.resolve();
	await settled();
	expect(count).toBe(300_000);
});
