import type { Follower } from '../socket/kept-topic.ts';

/** What a process says of somebody who is present. */
export interface Said {
	/** What is told of him, as JSON; undefined where there is nothing. */
	readonly json: string | undefined;
	/** When he came, and when this was said: see `Stamps`. */
	readonly since: number;
	readonly at: number;
}

/**
 * Milliseconds that somebody is still there whose last socket has ended: whoever loads a page again, or is taken to another
 * process, has not left.
 */
export const grace = 5000;

/** Microseconds since 1970, roughly: of those of one process each is later than the one before. */
export class Stamps {
	#last = 0;

	/** @param floor which it is later than as well */
	next(floor = 0): number {
		return (this.#last = Math.max(Date.now() * 1000, this.#last + 1, floor + 1));
	}
}

/** Why this process says that somebody is present: his sockets here, and for a while the one that he has had. */
export class Claim {
	readonly #seats = new Map<Follower, Said>();
	readonly #onChange: () => void;
	/** Of sockets that have ended. */
	#former: { said: Said; timer: NodeJS.Timeout } | undefined;
	#said: Said | undefined;

	/** @param onChange what is said of him has changed by itself: some time after a socket has ended */
	constructor(onChange: () => void) {
		this.#onChange = onChange;
	}

	/** What is said of him by the newest of his sockets. Undefined if he is not here. */
	get said(): Said | undefined {
		return this.#said;
	}

	/** He is here with this socket too. @param said newer than anything before */
	sit(follower: Follower, said: Said): void {
		this.#forget();
		this.#seats.set(follower, said);
		this.#said = said;
	}

	/** @param isGraceful he may come back with another socket, and is here until then */
	leave(follower: Follower, isGraceful: boolean): void {
		const said = this.#seats.get(follower);
		this.#seats.delete(follower);
		if (said !== undefined && isGraceful) this.#keep(said);
		this.#said = this.#newest();
	}

	#keep(said: Said): void {
		const newest = newer(this.#former?.said, said);
		this.#forget();
		const timer = setTimeout(() => {
			this.#former = undefined;
			this.#said = this.#newest();
			this.#onChange();
		}, grace).unref();
		this.#former = { said: newest, timer };
	}

	#forget(): void {
		clearTimeout(this.#former?.timer);
		this.#former = undefined;
	}

	#newest(): Said | undefined {
		let newest = this.#former?.said;
		for (const said of this.#seats.values()) newest = newer(newest, said);
		return newest;
	}
}

function newer(one: Said | undefined, other: Said): Said {
	return one !== undefined && one.at > other.at ? one : other;
}
