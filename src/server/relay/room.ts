import type { Link } from './link.ts';

/** Bytes that may be on their way before somebody has to wait. */
export const windowSize = 128 * 1024;

/** Whether there is room for more on the way to the other end. */
export class Room {
	readonly #link: Link;
	#waiting: (() => void)[] = [];
	#isOver = false;

	constructor(link: Link) {
		this.#link = link;
	}

	get isThere(): boolean {
		return this.#link.waiting <= windowSize;
	}

	/** Resolves when there is, or nobody will take anything any more. */
	have(): Promise<void> {
		if (this.isThere || this.#isOver) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** The other end has taken something. */
	look(): void {
		if (this.isThere) this.#release();
	}

	/** It takes nothing any more. */
	end(): void {
		this.#isOver = true;
		this.#release();
	}

	#release(): void {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
