import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Directory } from '../../../../src/server/bus/directory.ts';
import { kinds } from '../../../../src/server/bus/kinds.ts';
import { createLocalBus, LocalHub } from '../../../../src/server/bus/local.ts';
import { FakeLog } from '../../support/log.ts';
import { turns } from '../../support/processes.ts';

const [first, second, third] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'] as const;

/** A process on the hub that has told everybody that it is there. */
async function joined(hub: LocalHub, id: string, log = new FakeLog()) {
	const events = {
		message: (_topic: string, message: Parameters<Directory['receive']>[0], sender: string) =>
			directory.receive(message, sender),
		state: () => directory.hello(),
		left: (sender: string) => directory.left(sender)
	};
	const bus = createLocalBus(hub, { process: id, events }, log);
	const directory = new Directory(id, bus, log);
	directory.open();
	await bus.open();
	await turns();
	return { directory, bus };
}

async function alone(log?: FakeLog) {
	const { directory } = await joined(new LocalHub(), first, log);
	const left = vi.fn<(process: string) => void>();
	return { directory, left };
}

/** What a hub carries is no matter of time. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

async function ticks(count: number): Promise<void> {
	for (let tick = 0; tick < count; tick += 1) {
		vi.advanceTimersByTime(5000);
		await turns(3);
	}
}

describe('who is there', () => {
	it('is known to one that has just come, and it to them, without waiting for a tick', async () => {
		const hub = new LocalHub();
		const all: Directory[] = [];
		for (const id of [first, second, third]) all.push((await joined(hub, id)).directory);
		expect(all.map(({ others }) => [...others].toSorted())).toEqual([
			[second, third],
			[first, third],
			[first, second]
		]);
	});

	it('stays for as long as it shows signs of life', async () => {
		const hub = new LocalHub();
		const { directory } = await joined(hub, first);
		await joined(hub, second);
		await ticks(20);
		expect([...directory.others]).toEqual([second]);
	});

	it('is forgotten as soon as it says that it leaves', async () => {
		const hub = new LocalHub();
		const one = (await joined(hub, first)).directory;
		const other = (await joined(hub, second)).directory;
		const left = vi.fn<(process: string) => void>();
		one.onLeft(left);
		other.close();
		other.close();
		await turns();
		expect(left.mock.calls).toEqual([[second]]);
		expect(one.others.size).toBe(0);
		await ticks(5);
		expect(left).toHaveBeenCalledTimes(1);
	});

	it('is forgotten when nothing was heard of it for four ticks, and known again when it is back', async () => {
		const hub = new LocalHub();
		const { directory } = await joined(hub, first);
		const { bus } = await joined(hub, second);
		const left = vi.fn<(process: string) => void>();
		directory.onLeft(left);
		await bus.close();
		await ticks(3);
		expect(directory.others.size).toBe(1);
		await ticks(2);
		expect(directory.others.size).toBe(0);
		expect(left.mock.calls).toEqual([[second]]);
		await joined(hub, second);
		expect([...directory.others]).toEqual([second]);
	});

	it('is not forgotten while it says anything at all', async () => {
		const { directory } = await alone();
		directory.receive({ kind: kinds.hello, data: '' }, third);
		for (let count = 0; count < 10; count += 1) {
			await ticks(1);
			directory.receive({ kind: kinds.counted, data: '' }, third);
		}
		expect([...directory.others]).toEqual([third]);
	});

	it('is nobody of whom something comes after the end', async () => {
		const { directory } = await alone();
		directory.receive({ kind: kinds.hello, data: '' }, second);
		directory.receive({ kind: kinds.bye, data: '' }, second);
		directory.receive({ kind: kinds.counted, data: '' }, second);
		expect(directory.others.size).toBe(0);
	});

	it('is told by the bus, where that has seen somebody go', async () => {
		const { directory, left } = await alone();
		const stop = directory.onLeft(left);
		directory.receive({ kind: kinds.hello, data: '' }, second);
		directory.left(second);
		directory.left(second);
		expect(left.mock.calls).toEqual([[second]]);
		stop();
		directory.receive({ kind: kinds.hello, data: '' }, third);
		directory.left(third);
		expect(left).toHaveBeenCalledTimes(1);
	});
});

describe('a listener that fails', () => {
	it('keeps nobody else from hearing that a process has left', async () => {
		const log = new FakeLog();
		const { directory, left } = await alone(log);
		directory.onLeft(() => {
			throw new Error('no');
		});
		directory.onLeft(left);
		directory.receive({ kind: kinds.hello, data: '' }, second);
		directory.left(second);
		expect(left.mock.calls).toEqual([[second]]);
		expect(log.errors).toHaveLength(1);
	});
});

describe('what is told', () => {
	it('reaches one process, or every other', async () => {
		const hub = new LocalHub();
		const heard: string[] = [];
		const all: Directory[] = [];
		for (const id of [first, second, third]) {
			const { directory } = await joined(hub, id);
			directory.listen(200, (data, sender) => heard.push(`${id} ${String(data)} ${sender}`));
			all.push(directory);
		}
		all[0]?.tell(second, 200, 'to one');
		await turns();
		all[1]?.tellAll(200, 'to all');
		await turns();
		expect(heard).toEqual([
			`${second} to one ${first}`,
			`${first} to all ${second}`,
			`${third} to all ${second}`
		]);
	});

	it('is ignored where nobody knows its kind', async () => {
		const { directory } = await alone();
		directory.receive({ kind: 255, data: 'x' }, second);
		expect(directory.others.size).toBe(0);
	});
});

describe('a process that leaves', () => {
	it('leaves no interest and no timer behind, and others are gone for it', async () => {
		const hub = new LocalHub();
		const { directory } = await joined(hub, first);
		await joined(hub, second);
		const left = vi.fn<(process: string) => void>();
		directory.onLeft(left);
		const listeners = () => [`process/${first}`, 'everyone'].map((each) => hub.listeners(each));
		expect([listeners(), vi.getTimerCount()]).toEqual([[1, 2], 2]);
		directory.close();
		await turns();
		expect([listeners(), vi.getTimerCount()]).toEqual([[0, 1], 1]);
		expect(left.mock.calls).toEqual([[second]]);
	});
});
