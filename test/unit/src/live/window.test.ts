import { describe, expect, test } from 'vitest';
import { Turns } from '../../../../src/server/live/turns.ts';
import { Window } from '../../../../src/server/live/window.ts';

/** A client behind a line, which keeps whatever does not fit on it at once. Nothing here waits: the clock is the test's. */
class Line {
	now = 0;
	readonly window = new Window(() => this.now);
	/** When the last byte that was sent will have left. */
	#free = 0;
	#events: { at: number; run: () => void }[] = [];
	readonly #bytesPerMs: number;
	roundTrip: number;

	/** @param roundTrip milliseconds, of an empty line */
	constructor(bitsPerSecond: number, roundTrip: number) {
		this.#bytesPerMs = bitsPerSecond / 8000;
		this.roundTrip = roundTrip;
	}

	/** @param arrived is called when the client has it */
	send(bytes: number, acknowledged: () => void, arrived: () => void = () => {}): void {
		this.window.sent(bytes);
		this.#free = Math.max(this.#free, this.now) + bytes / this.#bytesPerMs;
		this.at(this.#free + this.roundTrip / 2, arrived);
		this.at(this.#free + this.roundTrip, () => {
			expect(this.window.arrived(bytes)).toBe(true);
			acknowledged();
		});
	}

	at(at: number, run: () => void): void {
		this.#events.push({ at, run });
		this.#events.sort((one, other) => one.at - other.at);
	}

	runUntil(time: number): void {
		while ((this.#events[0]?.at ?? Infinity) <= time) {
			const event = this.#events.shift();
			this.now = event?.at ?? this.now;
			event?.run();
		}
		this.now = time;
	}
}

interface Query {
	left: number;
	onArrived?: () => void;
}

/** Queries that take turns on a line, as in a session. */
class Server {
	readonly #line: Line;
	readonly #turns = new Turns<Query>();
	sent = 0;

	constructor(line: Line) {
		this.#line = line;
	}

	answer(left: number, onArrived?: () => void): void {
		this.#turns.add({ left, ...(onArrived && { onArrived }) });
		this.#send();
	}

	#send(): void {
		for (;;) {
			const query = this.#turns.next(({ left }) => left > 0);
			if (query === undefined || !this.#line.window.admits()) return;
			this.#turns.had(query);
			const bytes = Math.min(query.left, this.#line.window.piece);
			query.left -= bytes;
			this.sent += bytes;
			const isLast = query.left === 0;
			this.#line.send(
				bytes,
				() => this.#send(),
				() => isLast && query.onArrived?.()
			);
		}
	}
}

describe('how much may be under way', () => {
	test.for([
		[1_000_000, 10],
		[1_000_000, 40],
		[1_000_000, 80],
		[2_000_000, 40],
		[10_000_000, 40]
	] as const)(
		'lets a small answer be there within 100 ms of what its own bytes take, beside large ones: %i bit/s, %i ms',
		([rate, roundTrip]) => {
			const line = new Line(rate, roundTrip);
			const server = new Server(line);
			const size = 2000;
			server.answer(Infinity);
			server.answer(Infinity);
			const waited: number[] = [];
			// Also the first ones, when nobody knows the line yet.
			for (let index = 0; index < 60; index += 1) {
				line.at(50 + index * 330, () => {
					const begun = line.now;
					const own = size / (rate / 8000) + roundTrip / 2;
					server.answer(size, () => waited.push(line.now - begun - own));
				});
			}
			line.runUntil(22_000);
			expect(waited).toHaveLength(60);
			expect(Math.max(...waited.slice(3))).toBeLessThan(100);
			expect(Math.max(...waited)).toBeLessThan(200);
		}
	);

	test.for([
		[1_000_000, 20, 0.9],
		[10_000_000, 20, 0.9],
		[50_000_000, 20, 0.9],
		[50_000_000, 100, 0.8],
		[200_000_000, 1, 0.8]
	] as const)('keeps a line busy: %i bit/s, %i ms', ([rate, roundTrip, share]) => {
		const line = new Line(rate, roundTrip);
		const server = new Server(line);
		server.answer(Infinity);
		line.runUntil(3000);
		const before = server.sent;
		line.runUntil(6000);
		expect((server.sent - before) / ((rate / 8) * 3)).toBeGreaterThan(share);
	});

	test('follows a line that has become longer', () => {
		const line = new Line(10_000_000, 10);
		const server = new Server(line);
		server.answer(Infinity);
		line.runUntil(5000);
		line.roundTrip = 200;
		// The way is looked at anew every ten seconds.
		line.runUntil(120_000);
		const before = server.sent;
		line.runUntil(130_000);
		expect((server.sent - before) / ((10_000_000 / 8) * 10)).toBeGreaterThan(0.7);
	});

	test('has bounds', () => {
		const fast = new Line(10_000_000_000, 1);
		new Server(fast).answer(Infinity);
		fast.runUntil(100);
		expect(fast.window.size).toBe(1024 * 1024);
		const slow = new Line(100_000, 1);
		new Server(slow).answer(Infinity);
		slow.runUntil(5000);
		expect(slow.window.size).toBe(8 * 1024);
		expect(slow.window.underWay).toBeLessThanOrEqual(8 * 1024);
	});

	test('stays as it is where it is not what holds answers back', () => {
		let now = 0;
		const window = new Window(() => now);
		for (let index = 0; index < 100; index += 1) {
			expect(window.admits()).toBe(true);
			window.sent(100);
			now += 1;
			expect(window.arrived(100)).toBe(true);
		}
		expect(window.size).toBe(16 * 1024);
	});

	test.for([0, -1, 1.5, NaN, Infinity, 101])(
		'believes no client that %d bytes have arrived',
		(bytes) => {
			const window = new Window();
			window.sent(100);
			expect(window.arrived(bytes)).toBe(false);
			expect(window.underWay).toBe(100);
		}
	);
});
