/** Members are spread over so many turns of a period. */
const slots = 32;

/** Who has a heartbeat. */
export interface Beating {
	/** Where it is; the heartbeat's own. */
	slot: number;
}

/**
 * Calls `beat` for every member at least once a period, a few at a time: one timer, which runs while there are members.
 * Time is measured by a clock that nobody sets, and a turn that comes late, because the process was stopped or busy, makes
 * up for the turns that it has missed.
 */
export class Heartbeat<Member extends Beating> {
	readonly #beat: (member: Member) => void;
	/** Arrays, for a small `Set` that many come to and leave keeps them until a full collection: V8 makes it anew again and again. */
	readonly #members = Array.from({ length: slots }, (): Member[] => []);
	/** Milliseconds from one turn to the next. */
	readonly #step: number;
	#size = 0;
	/** How many were added. */
	#added = 0;
	/** The slot whose turn it was. */
	#hand = 0;
	/** When that was. */
	#turned = 0;
	#timer: NodeJS.Timeout | undefined;

	/** @param period milliseconds */
	constructor(period: number, beat: (member: Member) => void) {
		// one turn more than there are, for a timer may be late by one
		this.#step = Math.floor(period / (slots + 1));
		this.#beat = beat;
	}

	/** Milliseconds in which everybody has a turn. */
	get round(): number {
		return this.#step * slots;
	}

	add(member: Member): void {
		// Those who come together are spread over half a period, and have their first turn after the other half.
		const ahead = slots - (this.#added % (slots / 2));
		const slot = (this.#hand + ahead) % slots;
		this.#added += 1;
		const members = this.#membersOf(slot);
		member.slot = slot + slots * members.length;
		members.push(member);
		this.#size += 1;
		if (this.#size === 1) this.#start();
	}

	delete(member: Member): void {
		if (!this.#has(member)) return;
		const members = this.#membersOf(member.slot);
		const last = members.pop();
		if (last !== undefined && last !== member) {
			last.slot = member.slot;
			members[Math.floor(last.slot / slots)] = last;
		}
		this.#size -= 1;
		if (this.#size === 0) this.stop();
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	#start(): void {
		this.#turned = performance.now();
		this.#timer = setInterval(() => this.#turn(), this.#step).unref();
	}

	#turn(): void {
		const now = performance.now();
		const due = Math.floor((now - this.#turned) / this.#step);
		this.#turned = due < slots ? this.#turned + due * this.#step : now;
		for (let count = Math.min(due, slots); count > 0; count -= 1) {
			this.#hand = (this.#hand + 1) % slots;
			// Some may go while others have their turn.
			for (const member of [...this.#membersOf(this.#hand)]) {
				if (this.#has(member)) this.#beat(member);
			}
		}
	}

	#membersOf(slot: number): Member[] {
		return this.#members[slot % slots] ?? [];
	}

	#has(member: Member): boolean {
		return this.#membersOf(member.slot)[Math.floor(member.slot / slots)] === member;
	}
}
