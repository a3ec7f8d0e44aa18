import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeSockets, type Leaving } from '../../../src/server/closing.ts';

/** Milliseconds. */
const timeout = 30_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Options {
	/** The client of ours: it is told, and does this. */
	onTold?: (socket: FakeSocket) => void;
	/** It never ends. */
	isStubborn?: boolean;
}

class FakeSocket {
	readonly #crowd: Crowd;
	readonly #options: Options;
	isOpen = true;
	toldAt = -1;
	closedAt = -1;
	delay = -1;
	code = 0;

	constructor(crowd: Crowd, options: Options) {
		this.#crowd = crowd;
		this.#options = options;
	}

	close(code: number): void {
		if (!this.isOpen) return;
		this.isOpen = false;
		this.code = code;
		this.closedAt = performance.now();
		if (!this.#options.isStubborn) this.#crowd.all.delete(this);
	}

	part(delay: number): boolean {
		if (this.#options.onTold === undefined) return false;
		this.delay = delay;
		this.toldAt = performance.now();
		this.#options.onTold(this);
		return true;
	}
}

/** Sockets without a network. */
class Crowd implements Leaving {
	readonly all = new Set<FakeSocket>();
	arrivals = 0;
	/** How often one of them was looked at. */
	looks = 0;

	constructor(count: number, options: Options = {}) {
		for (let number = 0; number < count; number += 1) this.join(options);
	}

	get size(): number {
		return this.all.size;
	}

	join(options: Options = {}): FakeSocket {
		const socket = new FakeSocket(this, options);
		this.all.add(socket);
		this.arrivals += 1;
		return socket;
	}

	*open(): Iterable<FakeSocket> {
		for (const socket of this.all) {
			this.looks += 1;
			if (socket.isOpen && socket.toldAt === -1) yield socket;
		}
	}
}

/** @returns milliseconds that it has taken */
async function close(crowd: Crowd, { time = timeout, rate = 1000 } = {}): Promise<number> {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), time);
	const started = performance.now();
	let ended: number | undefined;
	void closeSockets(crowd, { signal: controller.signal, time, rate }).then(
		() => (ended = performance.now())
	);
	while (ended === undefined) await vi.advanceTimersByTimeAsync(10);
	return ended - started;
}

/** How many were closed in the fullest second. */
function fullestSecond(sockets: FakeSocket[]): number {
	const seconds = new Map<number, number>();
	for (const { closedAt } of sockets) {
		const second = Math.floor(closedAt / 1000);
		seconds.set(second, (seconds.get(second) ?? 0) + 1);
	}
	return Math.max(...seconds.values());
}

describe('closeSockets', () => {
	it.each([1, 10])('closes %d at once', async (count) => {
		const crowd = new Crowd(count);
		const sockets = [...crowd.all];
		const now = performance.now();
		await close(crowd);
		expect(sockets.map(({ code, closedAt }) => [code, closedAt - now])).toEqual(
			sockets.map(() => [1001, 0])
		);
	});

	it.each([
		[200, 190],
		[10_000, 9990]
	])('closes %d at the pace at which they can come back', async (count, time) => {
		const crowd = new Crowd(count);
		const sockets = [...crowd.all];
		const took = await close(crowd);
		expect(Math.abs(took - time)).toBeLessThan(50);
		expect(fullestSecond(sockets)).toBeLessThanOrEqual(1020);
		expect(sockets.every(({ code }) => code === 1001)).toBe(true);
	});

	it.each([200_000, 1_000_000])('closes %d in time, spread over most of it', async (count) => {
		const crowd = new Crowd(count);
		const sockets = [...crowd.all];
		const took = await close(crowd);
		expect(took).toBeGreaterThan(timeout / 2);
		expect(took).toBeLessThan(timeout * 0.75);
		expect(fullestSecond(sockets)).toBeLessThan((count / took) * 1200);
		expect(sockets.every(({ code }) => code === 1001)).toBe(true);
		expect(crowd.looks).toBe(count);
	});

	it('closes all at once where there is no time', async () => {
		const crowd = new Crowd(1000, { isStubborn: true });
		const took = await close(crowd, { time: 0 });
		expect([...crowd.all].every(({ code }) => code === 1001)).toBe(true);
		expect(took).toBeLessThanOrEqual(20);
	});

	it('passes by those that take their time to close, once', async () => {
		const crowd = new Crowd(1000, { isStubborn: true });
		await close(crowd, { time: 10_000 });
		// And once more at the end.
		expect(crowd.looks).toBeLessThanOrEqual(2000);
		expect([...crowd.all].every(({ code }) => code === 1001)).toBe(true);
	});

	it('closes those too that come while it lasts, first or last', async () => {
		const crowd = new Crowd(100, { isStubborn: true });
		const began = performance.now();
		const early = crowd.join();
		setTimeout(() => crowd.join(), 50);
		let late: FakeSocket | undefined;
		setTimeout(() => (late = crowd.join()), 2000);
		await close(crowd, { time: 5000 });
		expect(early.code).toBe(1001);
		// Not only at the end, when all are closed that are left.
		expect(late?.code).toBe(1001);
		expect((late?.closedAt ?? 0) - began).toBeLessThan(2100);
		expect([...crowd.all].every(({ code }) => code === 1001)).toBe(true);
		expect(crowd.looks).toBeLessThan(500);
	});

	it('tells clients that understand, at the same pace, how long there will be no server', async () => {
		const crowd = new Crowd(1010, {
			onTold: (socket) => void setTimeout(() => socket.close(1000), 100)
		});
		const sockets = [...crowd.all];
		const took = await close(crowd);
		expect(new Set(sockets.map(({ code }) => code))).toEqual(new Set([1000]));
		expect(new Set(sockets.map(({ delay }) => delay))).toEqual(new Set([1000]));
		expect(sockets.filter(({ toldAt }) => toldAt === sockets[0]?.toldAt)).toHaveLength(10);
		expect(took).toBeGreaterThan(1000);
		expect(took).toBeLessThan(1300);
	});

	it('closes those that were told and do not leave, five seconds later', async () => {
		const crowd = new Crowd(20, { onTold: () => {} });
		const sockets = [...crowd.all];
		await close(crowd);
		expect(new Set(sockets.map(({ code }) => code))).toEqual(new Set([1001]));
		for (const { toldAt, closedAt } of sockets) {
			expect(closedAt - toldAt).toBeGreaterThanOrEqual(5000);
			expect(closedAt - toldAt).toBeLessThan(5050);
		}
	});

	it('closes those that were told when the time is up', async () => {
		const crowd = new Crowd(20, { onTold: () => {}, isStubborn: true });
		await close(crowd, { time: 10 });
		expect([...crowd.all].every(({ code }) => code === 1001)).toBe(true);
	});
});
