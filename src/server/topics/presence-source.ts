import type { Said } from './presence-claim.ts';
import type { Announcement, Saying } from './presence-messages.ts';
import { Sayings, type SayingsLimits } from './presence-sayings.ts';

/** Changes that wait until everything that was said before them has come. */
const maxHeld = 10_000;

/** What another process has said, by what it sends: that comes in order, but not all of it. */
export class Source {
	readonly #sayings: Sayings;
	/** Of what was heard last; -1 while that is of no use. */
	#version = 0;
	#isWaiting = false;
	#isBehind = false;
	/** Everything, as much of it as has come. */
	#parts: { version: number; sayings: Saying[]; next: number } | undefined;
	/** Changes that follow it, which have come in the meantime. */
	#held: Announcement[] = [];
	#heldSayings = 0;

	constructor(limits: SayingsLimits) {
		this.#sayings = new Sayings(limits);
	}

	get version(): number {
		return this.#version;
	}

	/** Something is missing: it has to be asked for everything. */
	get isBehind(): boolean {
		return this.#isBehind;
	}

	/** It says more than is believed. */
	get isFull(): boolean {
		return this.#sayings.isFull;
	}

	said(topic: string, id: string): Said | undefined {
		return this.#sayings.get(topic, id);
	}

	/** Of whom it has said something. */
	all(): Iterable<Saying> {
		return this.#sayings;
	}

	/** It is being asked for everything. */
	wait(): void {
		this.#isWaiting = true;
		this.#isBehind = false;
		this.#parts = undefined;
	}

	/** It is gone, or cannot be heard: what it says from now on does not follow what it has said. */
	lose(): void {
		this.#version = -1;
		this.#isWaiting = false;
		this.#isBehind = false;
		this.#parts = undefined;
		this.#release();
	}

	/** @returns of whom it says something else now */
	hear({ version, part, sayings }: Announcement): Iterable<Saying> {
		if (part !== undefined) return this.#isWaiting ? this.#hearPart(version, part, sayings) : [];
		if (this.#isWaiting) {
			this.#hold({ version, part, sayings });
			return [];
		}
		return this.#hearChange(version, sayings);
	}

	#hearChange(version: number, sayings: readonly Saying[]): readonly Saying[] {
		if (version <= this.#version) return [];
		if (version > this.#version + 1 || this.#version === -1) {
			this.#isBehind = true;
			return [];
		}
		this.#version = version;
		for (const saying of sayings) this.#sayings.set(saying);
		return sayings;
	}

	#hearPart(
		version: number,
		{ index, count }: { index: number; count: number },
		sayings: readonly Saying[]
	): Saying[] {
		if (index === 0) this.#parts = { version, sayings: [], next: 0 };
		const parts = this.#parts;
		// The rest of something of which the beginning is lost: it is asked for again.
		if (parts?.version !== version || parts.next !== index) return [];
		parts.next += 1;
		parts.sayings.push(...sayings);
		return parts.next < count ? [] : this.#hearAll(version, parts.sayings);
	}

	#hearAll(version: number, sayings: readonly Saying[]): Saying[] {
		const changed = [...this.#sayings, ...sayings];
		this.#sayings.clear();
		for (const saying of sayings) this.#sayings.set(saying);
		this.#version = version;
		this.#isWaiting = false;
		this.#parts = undefined;
		for (const held of this.#release())
			changed.push(...this.#hearChange(held.version, held.sayings));
		return changed;
	}

	#hold(announcement: Announcement): void {
		this.#heldSayings += announcement.sayings.length;
		this.#held.push(announcement);
		if (this.#heldSayings > maxHeld) this.#release();
	}

	#release(): Announcement[] {
		const held = this.#held;
		this.#held = [];
		this.#heldSayings = 0;
		return held;
	}
}
