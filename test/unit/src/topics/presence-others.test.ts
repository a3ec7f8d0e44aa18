import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kinds } from '../../../../src/server/bus/kinds.ts';
import { LocalHub } from '../../../../src/server/bus/local.ts';
import { PresentProcess } from '../../support/presence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const names = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'];

async function meet(count: number) {
	const hub = new LocalHub();
	const processes: PresentProcess[] = [];
	for (const name of names.slice(0, count)) {
		processes.push(await new PresentProcess(hub, name).open());
	}
	await pass(10);
	return { hub, processes: processes as [PresentProcess, PresentProcess, PresentProcess] };
}

/** Time, with what is under way. */
const pass = (milliseconds = 10) => vi.advanceTimersByTimeAsync(milliseconds);

const people = (processes: PresentProcess[]) => processes.map((each) => each.people);

/** The same in all of them. */
const everywhere = (processes: PresentProcess[], list: [string, unknown][]) =>
	processes.map(() => list);

const announcements = ({ said }: PresentProcess) =>
	said.filter(({ kind }) => kind === kinds.presence).length;

describe('several processes', () => {
	it('all know who is in any of them, in the order of arrival', async () => {
		const { processes } = await meet(3);
		for (const [index, each] of processes.entries()) {
			each.come(`person ${9 - index}`, { index });
			await pass(1);
		}
		await pass();
		const all = [
			['person 9', { index: 0 }],
			['person 8', { index: 1 }],
			['person 7', { index: 2 }]
		];
		expect(people(processes)).toEqual([all, all, all]);
		expect(processes.map(({ shown }) => shown)).toEqual(
			[all, all, all].map((each) => new Map(each as [string, unknown][]))
		);
	});

	it('see somebody who is in several of them once, as the newest socket says', async () => {
		const { processes } = await meet(3);
		const [first, second, third] = processes;
		first.come('ana', 1);
		await pass();
		const follower = second.come('ana', 2);
		await pass();
		expect(people(processes)).toEqual(everywhere(processes, [['ana', 2]]));
		third.come('ana', 3);
		await pass();
		second.leave(follower, false);
		await pass();
		expect(people(processes)).toEqual(everywhere(processes, [['ana', 3]]));
	});

	it('agree where two say something at the same time', async () => {
		const { processes } = await meet(3);
		const [first, second] = processes;
		second.come('ana', 2);
		first.come('ana', 1);
		await pass();
		expect(people(processes)).toEqual(everywhere(processes, [['ana', 2]]));
	});

	it('do not see somebody leave who goes from one of them to another', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		const follower = first.come('ana', 1);
		await pass();
		first.leave(follower);
		await pass(3000);
		second.come('ana', 1);
		const heard = processes.map(({ shown }) => shown);
		await pass(20_000);
		expect(people(processes)).toEqual(everywhere(processes, [['ana', 1]]));
		expect(processes.map(({ shown }) => shown)).toEqual(heard);
	});

	it('tell one another once per turn, whatever happens in it', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		const followers = Array.from({ length: 500 }, (_, index) => first.come(`${index}`));
		for (const each of followers.slice(0, 250)) first.leave(each, false);
		await pass();
		expect(announcements(first)).toBe(1);
		expect(second.people).toHaveLength(250);
		expect(announcements(second)).toBe(0);
	});

	it('say nothing while nobody is present', async () => {
		const { processes } = await meet(3);
		await pass(60_000);
		expect(processes.map(announcements)).toEqual([0, 0, 0]);
		expect(
			processes.flatMap(({ said }) => said).filter(({ kind }) => kind === kinds.presenceWanted)
		).toEqual([]);
	});
});

describe('a process that has just come', () => {
	it('hears who is in the others, however many, and they of its own people', async () => {
		const { hub, processes } = await meet(2);
		const info = 'x'.repeat(1000);
		for (let index = 0; index < 500; index += 1) processes[0].come(`${index}`, info);
		await pass();
		const late = new PresentProcess(hub, names[2] ?? '');
		late.come('late');
		await late.open();
		await pass();
		expect(late.people).toHaveLength(501);
		expect(late.shown.size).toBe(501);
		expect(processes[0].people).toHaveLength(501);
	});

	it('misses nothing that happens meanwhile', async () => {
		const { hub, processes } = await meet(2);
		const [first] = processes;
		for (let index = 0; index < 100; index += 1) first.come(`${index}`, 'x'.repeat(1000));
		await pass();
		const late = new PresentProcess(hub, names[2] ?? '');
		await late.open();
		const follower = first.come('meanwhile');
		for (let index = 0; index < 20; index += 1) {
			first.come(`more ${index}`);
			if (index === 10) first.leave(follower, false);
			await pass(0);
		}
		await pass();
		expect(late.people).toEqual(first.people);
		expect(late.people).toHaveLength(120);
	});
});

describe('a process that is gone', () => {
	it('takes its people along after five seconds, when it has said so', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.come('ana');
		second.come('bob');
		await pass();
		first.directory.close();
		await pass(4900);
		expect(second.people).toHaveLength(2);
		await pass(200);
		expect(second.people).toEqual([['bob', undefined]]);
		expect([...second.shown.keys()]).toEqual(['bob']);
	});

	it('takes its people along within half a minute, when it was killed', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.come('ana');
		await pass();
		first.kill();
		await pass(14_000);
		expect(second.people).toHaveLength(1);
		await pass(16_000);
		expect(second.people).toEqual([]);
	});

	it('does not take those along who are somewhere else by then', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.come('ana', 1);
		first.come('bob', 1);
		await pass();
		first.directory.close();
		await pass(3000);
		second.come('ana', 1);
		await pass(3000);
		expect(second.people).toEqual([['ana', 1]]);
	});

	it('may come back, and its people with it', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.come('ana');
		second.come('bob');
		await pass();
		for (const each of processes) each.loses = () => true;
		await pass(40_000);
		expect(people(processes)).toEqual([[['ana', undefined]], [['bob', undefined]]]);
		first.come('eve');
		for (const each of processes) each.loses = () => false;
		await pass(5010);
		expect(first.people.map(([id]) => id)).toEqual(['ana', 'bob', 'eve']);
		expect(second.people).toEqual(first.people);
	});

	it('may come back before its people have left', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.come('ana');
		const gone = first.come('gone');
		await pass();
		second.directory.left(first.id);
		first.leave(gone, false);
		await pass(20_000);
		expect(second.people).toEqual([['ana', undefined]]);
	});
});

describe('what is lost on its way', () => {
	it('is asked for as soon as the next one comes', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		second.loses = ({ kind }) => kind === kinds.presence;
		first.come('ana');
		await pass();
		second.loses = () => false;
		first.come('bob');
		await pass();
		expect(second.people.map(([id]) => id)).toEqual(['ana', 'bob']);
	});

	it('is asked for at the next sign of life, and again where the answer is lost', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		second.loses = ({ kind }) => kind === kinds.presence;
		first.come('ana');
		await pass(12_000);
		expect(second.people).toEqual([]);
		second.loses = () => false;
		await pass(5000);
		expect(second.people).toEqual([['ana', undefined]]);
	});

	it('may be a part of everything', async () => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		let parts = 0;
		second.loses = ({ kind, data }) =>
			kind === kinds.presence && (!String(data).includes('"part"') || (parts += 1) === 3);
		for (let index = 0; index < 500; index += 1) first.come(`${index}`, 'x'.repeat(1000));
		await pass(6000);
		expect(second.people).toEqual([]);
		await pass(6000);
		expect(second.people).toHaveLength(500);
	});
});

describe('what a process does not understand', () => {
	const text = (value: unknown) => JSON.stringify(value);
	const wrong: [string, string | Uint8Array][] = [
		['no JSON', '{'],
		['null', 'null'],
		['bytes', new Uint8Array([1])],
		['no version', text({ sayings: [] })],
		['a version below 0', text({ version: -1, sayings: [] })],
		['no sayings', text({ version: 1 })],
		['a saying that is none', text({ version: 1, sayings: [7] })],
		['a topic that is no text', text({ version: 1, sayings: [[1, 'a', 1, 1]] })],
		['an id that is no text', text({ version: 1, sayings: [['room', {}, 1, 1]] })],
		['a long id', text({ version: 1, sayings: [['room', 'x'.repeat(257), 1, 1]] })],
		['a time that is none', text({ version: 1, sayings: [['room', 'a', 'x', 1]] })],
		['long info', text({ version: 1, sayings: [['room', 'a', 1, 1, 'x'.repeat(4097)]] })],
		['a part that is none', text({ version: 1, part: [2, 1], sayings: [] })],
		['more than anybody says', text({ version: 1, sayings: [['x'.repeat(700_000), 'a']] })]
	];

	it.each(wrong)('throws and changes nothing: %s', async (_, data) => {
		const { processes } = await meet(2);
		const [first, second] = processes;
		first.directory.tell(second.id, kinds.presence, data);
		await pass();
		expect(second.errors).toEqual([expect.any(Error)]);
		expect(second.people).toEqual([]);
		first.come('ana');
		await pass();
		expect(second.people).toEqual([['ana', undefined]]);
	});

	it('is ignored where it comes from nobody who is known, until he is', async () => {
		const { hub, processes } = await meet(1);
		const [known] = processes;
		known.loses = ({ kind }) => kind === kinds.hello;
		const stranger = await new PresentProcess(hub, names[1] ?? '').open();
		stranger.come('ana');
		await pass(4000);
		expect([known.people, known.errors]).toEqual([[], []]);
		known.loses = () => false;
		await pass(1100);
		expect(known.people).toEqual([['ana', undefined]]);
	});
});
