/** Something that waits for its turn. */
interface Turn {
	run: Run;
	bytes: number;
	next: Turn | undefined;
}

/** Returns a promise if it takes time. Never throws or rejects. */
type Run = () => Promise<unknown> | undefined;

/** Whose turns they are. */
interface Owner {
	/** Nothing is under way any more, and nothing waits. */
	onIdle(): void;
}

/** One thing after another: nothing runs while an earlier one is not done. */
export class Turns {
	readonly #owner: Owner;
	#first: Turn | undefined;
	#last: Turn | undefined;
	#bytes = 0;
	#isBusy = false;

	constructor(owner: Owner) {
		this.#owner = owner;
	}

	/** Something is under way: what comes now has to wait. */
	get isBusy(): boolean {
		return this.#isBusy;
	}

	/** Something waits. */
	get areWaiting(): boolean {
		return this.#first !== undefined;
	}

	/** What waits takes so many bytes. */
	get bytes(): number {
		return this.#bytes;
	}

	/** At once, or when everything before it is done. */
	take(run: Run, bytes = 0): void {
		const turn: Turn = { run, bytes, next: undefined };
		if (this.#last) this.#last.next = turn;
		else this.#first = turn;
		this.#last = turn;
		this.#bytes += bytes;
		if (!this.#isBusy) this.#next();
	}

	/** Forget what waits. */
	clear(): void {
		this.#first = undefined;
		this.#last = undefined;
		this.#bytes = 0;
	}

	#next(): void {
		this.#isBusy = true;
		for (let turn = this.#shift(); turn; turn = this.#shift()) {
			const done = turn.run();
			if (done) return void done.then(() => this.#next());
		}
		this.#isBusy = false;
		this.#owner.onIdle();
	}

	#shift(): Turn | undefined {
		const turn = this.#first;
		if (turn === undefined) return undefined;
		this.#first = turn.next;
		if (turn.next === undefined) this.#last = undefined;
		this.#bytes -= turn.bytes;
		return turn;
	}
}
