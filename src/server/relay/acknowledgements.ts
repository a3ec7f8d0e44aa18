import type { End } from './ends.ts';

/** Milliseconds: the other end need not know at once, and many can be told of together. */
const soon = 10;

/** And of those whose connection takes its time. */
const later = 100;

/** Who has taken something of what has come, and is to say so. */
export class Acknowledgements<E extends End> {
	readonly #tell: (ends: E[]) => void;
	readonly #due = new Set<E>();
	readonly #behind = new Set<E>();
	#timer: NodeJS.Timeout | undefined;
	#slowTimer: NodeJS.Timeout | undefined;

	constructor(tell: (ends: E[]) => void) {
		this.#tell = tell;
	}

	add(end: E): void {
		this.#due.add(end);
		this.#timer ??= setTimeout(() => this.#flush(), soon).unref();
	}

	delete(end: E): void {
		this.#due.delete(end);
		this.#behind.delete(end);
	}

	stop(): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#slowTimer);
	}

	#flush(): void {
		this.#timer = undefined;
		const due = [...this.#due];
		this.#due.clear();
		this.#tell(due);
		for (const end of due) if (end.isBehind) this.#behind.add(end);
		if (this.#behind.size === 0) return;
		this.#slowTimer ??= setTimeout(() => this.#lookAgain(), later).unref();
	}

	#lookAgain(): void {
		this.#slowTimer = undefined;
		for (const end of this.#behind) this.add(end);
		this.#behind.clear();
	}
}
