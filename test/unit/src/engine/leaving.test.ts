import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Leaving, type Leaver } from '../../../../src/server/engine/leaving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeLeaver implements Leaver {
	pending = 1000;
	readonly leave = vi.fn();
	readonly terminate = vi.fn();
}

function add(patience = 30) {
	const leaving = new Leaving(patience);
	const leaver = new FakeLeaver();
	leaving.add(leaver);
	return { leaving, leaver };
}

const second = () => vi.advanceTimersByTime(1000);

describe('a socket that is leaving', () => {
	it('is cut when it has taken nothing for thirty seconds', () => {
		const { leaver } = add();
		for (let count = 0; count < 28; count += 1) second();
		expect(leaver.terminate).not.toHaveBeenCalled();
		for (let count = 0; count < 10; count += 1) second();
		expect(leaver.terminate).toHaveBeenCalled();
	});

	it('has all its time as long as it takes something', () => {
		const { leaver } = add(5);
		for (let count = 0; count < 200; count += 1) {
			if (count % 4 === 0) leaver.pending -= 1;
			second();
		}
		expect(leaver.terminate).not.toHaveBeenCalled();
	});

	it('is cut though what it sends is answered, and the queue grows', () => {
		const { leaver } = add(5);
		for (let count = 0; count < 10; count += 1) {
			leaver.pending += 1;
			second();
		}
		expect(leaver.terminate).toHaveBeenCalled();
	});

	it('leaves when its queue is found empty', () => {
		const { leaver } = add(5);
		leaver.pending = 0;
		for (let count = 0; count < 2; count += 1) second();
		expect(leaver.leave).toHaveBeenCalled();
		expect(leaver.terminate).not.toHaveBeenCalled();
	});

	it('needs a timer until the last one has left', () => {
		const { leaving, leaver } = add();
		const other = new FakeLeaver();
		leaving.add(other);
		expect([leaving.size, vi.getTimerCount()]).toEqual([2, 1]);
		leaving.delete(leaver);
		leaving.delete(leaver);
		expect([leaving.size, vi.getTimerCount()]).toEqual([1, 1]);
		leaving.delete(other);
		expect([leaving.size, vi.getTimerCount()]).toEqual([0, 0]);
	});
});
