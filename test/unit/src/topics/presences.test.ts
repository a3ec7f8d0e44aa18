import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alone, FakeFollower, room, shownBy } from '../../support/presence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The end of this turn of the event loop. */
const turn = () => vi.advanceTimersByTime(1);

describe('who is present', () => {
	it('is there at once, in the order of arrival, with info as it was said', () => {
		const { presences, come } = alone();
		come('zoe', { name: 'Zoe' });
		come('ana', [1]);
		come('bob');
		expect(presences.people('room')).toEqual([
			{ id: 'zoe', info: { name: 'Zoe' } },
			{ id: 'ana', info: [1] },
			{ id: 'bob', info: undefined }
		]);
		expect(presences.people('other')).toEqual([]);
	});

	it('may be told to anybody, who can change a list of his own and nobody else‘s', () => {
		const { presences, come } = alone();
		come('ana', { tags: ['a'] });
		const people = presences.people('room');
		const [ana] = people as [{ id: string; info: { tags: string[] } }];
		expect(() => (ana.id = 'eve')).toThrow(TypeError);
		expect(() => ana.info.tags.push('b')).toThrow(TypeError);
		people.pop();
		expect(presences.people('room')).toEqual([{ id: 'ana', info: { tags: ['a'] } }]);
	});

	it('is there once however many sockets he has, and until the last of them has left', () => {
		const { presences, come, ids } = alone();
		const [first, second] = [come('ana'), come('ana')];
		expect(ids()).toEqual(['ana']);
		presences.leave(room, first, false);
		expect(ids()).toEqual(['ana']);
		presences.leave(room, second, false);
		presences.leave(room, second, true);
		expect(ids()).toEqual([]);
	});

	it('is seen as his newest socket says, and as the one before when that is gone', () => {
		const { presences, come } = alone();
		const info = () => presences.people('room')[0]?.info;
		const [first] = [come('ana', 1), come('ana', 2)];
		expect(info()).toBe(2);
		presences.come(room, first, { id: 'ana', json: '3' });
		expect(info()).toBe(3);
		presences.leave(room, first, false);
		expect(info()).toBe(2);
	});

	it('is somebody else when his socket says so', () => {
		const { presences, come, ids } = alone();
		const follower = come('ana');
		presences.come(room, follower, { id: 'bob', json: undefined });
		expect(ids()).toEqual(['bob']);
		presences.leave(room, follower, false);
		expect(ids()).toEqual([]);
	});

	it('may have any id', () => {
		const { come, ids } = alone();
		const names = ['__proto__', 'constructor', '', '"', '\u2028', '\ud800', '7', '🙂,'];
		const followers = names.map((name) => come(name, { __proto__: 1, name }));
		expect(ids()).toEqual(names);
		turn();
		expect([...shownBy(followers[0]?.frames ?? []).keys()]).toEqual(names);
	});

	it('may be somebody whose client knows nothing of this', () => {
		const { presences, ids } = alone();
		const plain = new FakeFollower();
		presences.come(room, plain, { id: 'ana', json: undefined });
		turn();
		expect([ids(), plain.frames]).toEqual([['ana'], []]);
		presences.leave(room, plain, false);
		expect(ids()).toEqual([]);
	});
});

describe('somebody whose socket has ended', () => {
	it('is there for five more seconds, and nobody hears of it if he comes back', () => {
		const { presences, come, ids, told } = alone();
		const [watcher, ana] = [come('watcher'), come('ana', 1)];
		turn();
		told.length = 0;
		presences.leave(room, ana, true);
		vi.advanceTimersByTime(4999);
		expect(ids()).toEqual(['watcher', 'ana']);
		const again = come('ana', 1);
		vi.advanceTimersByTime(60_000);
		expect([ids(), told]).toEqual([['watcher', 'ana'], []]);
		presences.leave(room, again, true);
		vi.advanceTimersByTime(5000);
		turn();
		expect([ids(), told]).toEqual([['watcher'], [{ left: ['ana'] }]]);
		expect([...shownBy([...watcher.frames, ...told]).keys()]).toEqual(['watcher']);
	});

	it('is there for as long as another one is', () => {
		const { presences, come, ids } = alone();
		const [first, second] = [come('ana', 1), come('ana', 2)];
		presences.leave(room, second, true);
		vi.advanceTimersByTime(4999);
		expect(presences.people('room')).toEqual([{ id: 'ana', info: 2 }]);
		vi.advanceTimersByTime(1);
		expect(presences.people('room')).toEqual([{ id: 'ana', info: 1 }]);
		presences.leave(room, first, true);
		vi.advanceTimersByTime(5000);
		expect(ids()).toEqual([]);
	});

	it('is gone at once when he has come back and then leaves', () => {
		const { presences, come, ids } = alone();
		presences.leave(room, come('ana'), true);
		presences.leave(room, come('ana'), false);
		expect(ids()).toEqual([]);
	});

	it('has five seconds from the last one on', () => {
		const { presences, come, ids } = alone();
		const [first, second] = [come('ana'), come('ana')];
		presences.leave(room, first, true);
		vi.advanceTimersByTime(4000);
		presences.leave(room, second, true);
		vi.advanceTimersByTime(4999);
		expect(ids()).toEqual(['ana']);
		vi.advanceTimersByTime(1);
		expect(ids()).toEqual([]);
	});

	it('is gone at once when another one says so, unless he may still come back', () => {
		const { presences, come, ids } = alone();
		const [first, second, third] = [come('ana'), come('ana'), come('bob')];
		presences.leave(room, first, true);
		presences.leave(room, second, false);
		presences.leave(room, third, false);
		expect(ids()).toEqual(['ana']);
		vi.advanceTimersByTime(5000);
		expect(ids()).toEqual([]);
	});
});

describe('a client of ours', () => {
	it('is told who is there when it comes, itself among them, and what changes then', () => {
		const { presences, come, told } = alone();
		const ana = come('ana', 1);
		turn();
		expect(ana.frames).toEqual([{ all: [{ id: 'ana', info: 1 }] }]);
		const [bob, watcher] = [come('bob'), come()];
		turn();
		expect(bob.frames).toEqual([{ all: [{ id: 'ana', info: 1 }, { id: 'bob' }] }]);
		expect(watcher.frames).toEqual(bob.frames);
		expect(told).toEqual([{ joined: [{ id: 'bob' }] }]);
		presences.come(room, ana, { id: 'ana', json: '2' });
		presences.leave(room, bob, false);
		turn();
		expect(told.slice(1)).toEqual([{ joined: [{ id: 'ana', info: 2 }], left: ['bob'] }]);
	});

	it('is told that nobody is there', () => {
		const { come } = alone();
		const watcher = come();
		turn();
		expect(watcher.frames).toEqual([{ all: [] }]);
	});

	it('is not told of who comes and leaves in one turn, nor of who leaves and comes', () => {
		const { presences, come, told } = alone();
		const ana = come('ana', 1);
		come();
		turn();
		presences.leave(room, come('bob'), false);
		presences.leave(room, ana, false);
		come('ana', 1, ana);
		turn();
		expect(told).toEqual([]);
		presences.leave(room, ana, false);
		come('ana', 1, ana);
		turn();
		expect(told).toEqual([]);
		presences.come(room, ana, { id: 'ana', json: '3' });
		turn();
		expect(told).toEqual([{ joined: [{ id: 'ana', info: 3 }] }]);
	});

	it('is told of nothing that is as it was', () => {
		const { presences, come, told } = alone();
		const ana = come('ana', { a: 1 });
		turn();
		presences.come(room, ana, { id: 'ana', json: '{"a":1}' });
		turn();
		expect(told).toEqual([]);
	});

	it('hears nothing more when it has left', () => {
		const { presences, come, told } = alone();
		const watcher = come();
		presences.leave(room, watcher, false);
		come('ana');
		turn();
		expect([watcher.frames, told]).toEqual([[], []]);
	});

	it('is told in one frame a turn, however many come and leave', () => {
		const { presences, come, told } = alone();
		come('watcher');
		turn();
		const many = Array.from({ length: 1000 }, (_, index) => come(`${index}`));
		turn();
		expect(told).toHaveLength(1);
		for (const each of many) presences.leave(room, each, false);
		turn();
		expect(told).toEqual([
			{ joined: many.map((_, index) => ({ id: `${index}` })) },
			{ left: many.map((_, index) => `${index}`) }
		]);
		expect(many.every(({ frames }) => frames.length === 1)).toBe(true);
	});
});

describe('a list that is long', () => {
	const info = 'x'.repeat(1000);
	const ids = Array.from({ length: 500 }, (_, index) => `id ${index}`);

	/** A room with that list, and somebody who takes messages as slowly as this says. */
	function crowded(...results: FakeFollower['results']) {
		const all = alone();
		const crowd = ids.map((id) => all.come(id, info));
		turn();
		const watcher = new FakeFollower('own');
		watcher.results.push(...results);
		all.presences.welcome(room, watcher);
		turn();
		return { ...all, crowd, watcher, shown: () => shownBy([...watcher.frames, ...all.told]) };
	}

	it('is told in several frames, the first of which begins anew', () => {
		const { watcher, told, presences, crowd } = crowded();
		expect(watcher.frames.length).toBeGreaterThan(5);
		expect(watcher.frames.filter((frame) => 'all' in frame)).toHaveLength(1);
		expect([...shownBy(watcher.frames).keys()]).toEqual(ids);
		for (const each of crowd) presences.leave(room, each, false);
		turn();
		expect(shownBy([...watcher.frames, ...told])).toEqual(new Map());
	});

	it('goes on when its reader has taken what waits for it, as it is then', () => {
		const { presences, watcher, shown, crowd } = crowded('sent', 'queued', 'queued');
		expect(watcher.frames).toHaveLength(2);
		for (const each of crowd.slice(0, 499)) presences.leave(room, each, false);
		turn();
		presences.drained('room', watcher);
		expect(watcher.frames).toHaveLength(3);
		presences.drained('room', watcher);
		presences.drained('room', watcher);
		expect([...shown().keys()]).toEqual(['id 499']);
	});

	it('begins anew where a part of it was dropped', () => {
		const { presences, watcher } = crowded('sent', 'dropped');
		expect(watcher.frames).toHaveLength(1);
		presences.drained('room', watcher);
		turn();
		expect([...shownBy(watcher.frames).keys()]).toEqual(ids);
		expect(watcher.frames.filter((frame) => 'all' in frame)).toHaveLength(2);
	});

	it('is told again to who has lost something', () => {
		const { presences, watcher } = crowded();
		watcher.dropped += 1;
		presences.drained('room', watcher);
		turn();
		expect(watcher.frames.filter((frame) => 'all' in frame)).toHaveLength(2);
		presences.drained('room', new FakeFollower('own'));
		turn();
	});
});
