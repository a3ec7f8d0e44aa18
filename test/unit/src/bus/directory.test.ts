import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Directory } from '../../../../src/server/bus/directory.ts';
import { kinds } from '../../../../src/server/bus/kinds.ts';
import { FakeLog } from '../../support/log.ts';
import { FakeHub, type FakeBus } from '../../support/hub.ts';

const [first, second, third] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'] as const;

/** A process on the hub that has told everybody that it is there. */
function joined(
	hub: FakeHub,
	id: string,
	log = new FakeLog()
): { directory: Directory; bus: FakeBus } {
	const bus = hub.create({
		process: id,
		events: {
			message: (_, message, sender) => directory.receive(message, sender),
			state: () => {},
			left: (sender) => directory.left(sender)
		}
	});
	const directory = new Directory(id, bus, log);
	directory.open();
	void bus.open();
	directory.hello();
	return { directory, bus };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const ticks = (count: number) => vi.advanceTimersByTime(count * 5000);

describe('who is there', () => {
	it('is known to one that has just come, and it to them, at once', () => {
		const hub = new FakeHub();
		const all = [first, second, third].map((id) => joined(hub, id).directory);
		expect(all.map(({ others }) => [...others].toSorted())).toEqual([
			[second, third],
			[first, third],
			[first, second]
		]);
	});

	it('stays for as long as it shows signs of life', () => {
		const hub = new FakeHub();
		const { directory } = joined(hub, first);
		joined(hub, second);
		ticks(100);
		expect([...directory.others]).toEqual([second]);
	});

	it('is forgotten as soon as it says that it leaves', () => {
		const hub = new FakeHub();
		const one = joined(hub, first).directory;
		const other = joined(hub, second).directory;
		const left = vi.fn<(id: string) => void>();
		one.onLeft(left);
		other.close();
		other.close();
		expect(left.mock.calls).toEqual([[second]]);
		expect(one.others.size).toBe(0);
		ticks(100);
		expect(left).toHaveBeenCalledTimes(1);
	});

	it('is forgotten when nothing was heard of it for four ticks', () => {
		const hub = new FakeHub();
		const { directory } = joined(hub, first);
		const { bus } = joined(hub, second);
		const left = vi.fn<(id: string) => void>();
		directory.onLeft(left);
		bus.state = 'reconnecting';
		ticks(3);
		expect(directory.others.size).toBe(1);
		ticks(2);
		expect(directory.others.size).toBe(0);
		expect(left.mock.calls).toEqual([[second]]);
		bus.state = 'connected';
		ticks(1);
		expect([...directory.others]).toEqual([second]);
	});

	it('is not forgotten while it says anything at all', () => {
		const hub = new FakeHub();
		const { directory } = joined(hub, first);
		directory.receive({ kind: kinds.hello, data: '' }, third);
		for (let count = 0; count < 20; count += 1) {
			ticks(1);
			directory.receive({ kind: kinds.counted, data: '' }, third);
		}
		expect([...directory.others]).toEqual([third]);
	});

	it('is nobody of whom something comes after the end', () => {
		const { directory } = joined(new FakeHub(), first);
		directory.receive({ kind: kinds.hello, data: '' }, second);
		directory.receive({ kind: kinds.bye, data: '' }, second);
		directory.receive({ kind: kinds.counted, data: '' }, second);
		expect(directory.others.size).toBe(0);
	});

	it('is told by the bus, where that has seen somebody go', () => {
		const { directory } = joined(new FakeHub(), first);
		const left = vi.fn<(id: string) => void>();
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
	it('keeps nobody else from hearing that a process has left', () => {
		const log = new FakeLog();
		const { directory } = joined(new FakeHub(), first, log);
		const left = vi.fn<(id: string) => void>();
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
	it('reaches one process, or every other', () => {
		const hub = new FakeHub();
		const heard: string[] = [];
		const all = [first, second, third].map((id) => joined(hub, id).directory);
		for (const { id, listen } of all.map((each) => ({
			id: each.id,
			listen: each.listen.bind(each)
		})))
			listen(200, (data, sender) => heard.push(`${id} ${String(data)} ${sender}`));
		all[0]?.tell(second, 200, 'to one');
		all[1]?.tellAll(200, 'to all');
		expect(heard).toEqual([
			`${second} to one ${first}`,
			`${first} to all ${second}`,
			`${third} to all ${second}`
		]);
	});

	it('is ignored where nobody knows its kind', () => {
		const { directory } = joined(new FakeHub(), first);
		directory.receive({ kind: 255, data: 'x' }, second);
		expect(directory.others.size).toBe(0);
	});
});

describe('a process that leaves', () => {
	it('leaves no interest and no timer behind', () => {
		const { directory, bus } = joined(new FakeHub(), first);
		expect(bus.interest.size).toBe(2);
		expect(vi.getTimerCount()).toBe(1);
		directory.close();
		expect(bus.interest.size).toBe(0);
		expect(vi.getTimerCount()).toBe(0);
	});
});
