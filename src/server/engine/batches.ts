import process from 'node:process';

/** Whatever has something that leaves at the end of the turn. */
interface Batch {
	flush(): void;
}

/** Lets out at the end of a turn what was published in it: ten messages to a socket are one write. */
export class Batches {
	#waiting: Batch[] = [];

	add(batch: Batch): void {
		if (this.#waiting.push(batch) === 1) process.nextTick(() => this.#flush());
	}

	#flush(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const batch of waiting) batch.flush();
	}
}
