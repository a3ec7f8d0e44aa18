import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalHub } from '../../../../src/server/bus/local.ts';
import { FakeFollower, PresentProcess } from '../../support/presence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The same numbers for the same seed, below `count`. */
function drawing(seed: number): (count: number) => number {
	let state = seed;
	return (count) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % count;
	};
}

interface Seat {
	process: PresentProcess;
	follower: FakeFollower;
	id: string;
	info: number;
}

/** Three processes whose bus loses messages, which are parted and killed, and people who come and go. */
class World {
	readonly #hub = new LocalHub();
	readonly #draw: (count: number) => number;
	readonly #started: PresentProcess[] = [];
	#seats: Seat[] = [];
	/** Of 10 messages, how many are lost. */
	#loss = 0;
	/** Who cannot hear anybody, nor be heard. */
	#apart: PresentProcess | undefined;
	#said = 0;

	constructor(seed: number) {
		this.#draw = drawing(seed);
	}

	get processes(): PresentProcess[] {
		return this.#started.filter(({ isKilled }) => !isKilled);
	}

	/** Everybody who is there, as he was seen last. */
	get expected(): Map<string, number> {
		const seats = this.#seats.toSorted((one, other) => one.info - other.info);
		return new Map(seats.map(({ id, info }) => [id, info]));
	}

	async start(): Promise<void> {
		const id = (0xabc000000000 + this.#started.length).toString(16);
		const process = new PresentProcess(this.#hub, id);
		process.loses = (_, sender) =>
			this.#draw(10) < this.#loss || process === this.#apart || sender === this.#apart?.id;
		this.#started.push(process);
		await process.open();
	}

	async step(): Promise<void> {
		const kind = this.#draw(20);
		if (kind < 8) this.#come();
		else if (kind < 10) this.#change();
		else if (kind < 16) this.#leave();
		else if (kind === 16) this.#loss = this.#draw(6);
		else if (kind === 17) this.#apart = this.#draw(2) === 0 ? undefined : this.#any(this.processes);
		else if (kind === 18 && this.#draw(3) === 0) await this.#replace();
		await vi.advanceTimersByTimeAsync(this.#draw(2) === 0 ? 1 : this.#draw(4000) + 1);
	}

	async settle(): Promise<void> {
		this.#loss = 0;
		this.#apart = undefined;
		await vi.advanceTimersByTimeAsync(40_000);
	}

	#come(): void {
		const process = this.#any(this.processes);
		this.#sit({ process, follower: new FakeFollower(), id: `person ${this.#draw(6)}`, info: 0 });
	}

	#change(): void {
		const seat = this.#any(this.#seats);
		if (seat === undefined) return;
		this.#seats = this.#seats.filter((each) => each !== seat);
		this.#sit({ ...seat, ...(this.#draw(2) === 0 && { id: `person ${this.#draw(6)}` }) });
	}

	#sit(seat: Seat): void {
		this.#said += 1;
		const { process, id, follower } = seat;
		process.come(id, this.#said, follower);
		this.#seats.push({ ...seat, info: this.#said });
	}

	#leave(): void {
		const seat = this.#any(this.#seats);
		if (seat === undefined) return;
		this.#seats = this.#seats.filter((each) => each !== seat);
		seat.process.leave(seat.follower, this.#draw(2) === 0);
	}

	async #replace(): Promise<void> {
		const process = this.#any(this.processes);
		if (this.#draw(2) === 0) process.directory.close();
		process.kill();
		this.#seats = this.#seats.filter((each) => each.process !== process);
		await this.start();
	}

	#any<T>(values: T[]): T {
		return values[this.#draw(values.length)] as T;
	}
}

describe('presence in three processes', () => {
	const seeds = Array.from({ length: 30 }, (_, index) => 1000 + index);

	it.each(seeds)('is the same in all of them in the end, and right: seed %i', async (seed) => {
		const world = new World(seed);
		for (let count = 0; count < 3; count += 1) await world.start();
		for (let count = 0; count < 80; count += 1) await world.step();
		await world.settle();
		const { expected, processes } = world;
		for (const { people, shown, errors } of processes) {
			expect(new Map(people)).toEqual(expected);
			expect(shown).toEqual(expected);
			expect(errors).toEqual([]);
		}
		const [first] = processes;
		expect(processes.map(({ people }) => people)).toEqual(processes.map(() => first?.people));
	});
});
