/** Milliseconds from one turn to the next, while somebody waits for one. */
const tick = 10;

/** Milliseconds within which everybody has a turn, however many are due at once. */
const patience = 30_000;

/** The longest that a timer of Node can wait. */
const longest = 2_147_483_647;

/** Something that comes again and again. */
export interface Recurring {
	/** Milliseconds from one turn to the next. */
	period: number;
	/** When it is due; ours. */
	due: number;
	/** Where it waits, if it does; ours. */
	place: Set<Recurring> | undefined;
}

/**
 * Calls whoever is due, on one timer, which runs while there is somebody. Those that came together are not called together,
 * but so many a second; they never wait for longer than half a minute, about.
 */
export class Due<Member extends Recurring> {
	readonly #call: (member: Member) => void;
	readonly #perSecond: () => number;
	/** By period: in each of them who came first is due first. */
	readonly #waiting = new Map<number, Set<Member>>();
	/** Those whose time has come. */
	readonly #ready = new Set<Member>();
	#timer: NodeJS.Timeout | undefined;
	/** When it is to fire. */
	#next = Infinity;

	/** @param perSecond how many may be called in a second, as long as nobody waits for too long */
	constructor(call: (member: Member) => void, perSecond: () => number) {
		this.#call = call;
		this.#perSecond = perSecond;
	}

	/** It is due once, after its period. */
	add(member: Member): void {
		const now = performance.now();
		member.due = now + member.period;
		const members = this.#waiting.get(member.period) ?? new Set();
		this.#waiting.set(member.period, members);
		this.#put(member, members);
		this.#wake(member.due, now);
	}

	/** Harmless for who is not there. */
	delete(member: Member): void {
		const { place } = member;
		member.place = undefined;
		if (!place?.delete(member)) return;
		if (place.size === 0 && place !== this.#ready) this.#waiting.delete(member.period);
		if (this.#waiting.size === 0 && this.#ready.size === 0) this.#stop();
	}

	#put(member: Member, members: Set<Member>): void {
		members.add(member);
		member.place = members as Set<Recurring>;
	}

	#wake(at: number, now: number): void {
		if (at >= this.#next) return;
		clearTimeout(this.#timer);
		this.#next = at;
		// A timer may fire a little early.
		const delay = Math.min(Math.max(Math.ceil(at - now), tick), longest);
		this.#timer = setTimeout(() => this.#turn(), delay).unref();
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#next = Infinity;
	}

	#turn(): void {
		this.#next = Infinity;
		const now = performance.now();
		for (const members of [...this.#waiting.values()]) this.#collect(members, now);
		const rate = Math.max(this.#perSecond() / 1000, this.#ready.size / patience);
		let count = Math.ceil(rate * tick);
		for (const member of this.#ready) {
			if (count === 0) break;
			count -= 1;
			this.delete(member);
			this.#call(member);
		}
		if (this.#ready.size > 0) this.#wake(now + tick, now);
		for (const members of this.#waiting.values()) this.#wake(firstOf(members), now);
	}

	#collect(members: Set<Member>, now: number): void {
		for (const member of members) {
			if (member.due > now) return;
			this.delete(member);
			this.#put(member, this.#ready);
		}
	}
}

function firstOf(members: Set<Recurring>): number {
	for (const { due } of members) return due;
	return Infinity;
}
