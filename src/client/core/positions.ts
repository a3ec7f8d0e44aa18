import type { TopicState } from '../../shared/protocol.ts';
import type { Host, Line } from './host.ts';
import type { Continuity } from './types.ts';

/** Milliseconds after which what is missing is asked for once more. */
const patience = 2000;

/** How far the page has come with what a topic remembers. */
interface Position {
	readonly start: string;
	/** Of the newest message that has come; undefined for where the page was rendered. */
	offset: number | undefined;
}

/** A topic that remembers, on one connection. */
interface Followed {
	readonly token: string;
	position: Position;
	/** Up to this offset it is what was missed. */
	until: number;
	/** When something was missing, on the clock of `performance`. */
	asked: number;
}

/**
 * How far the page has come with each topic that remembers, over all connections: a message is counted once, though two
 * connections bring it while one takes the place of the other.
 */
export class Positions {
	readonly #host: Host;
	/** By what says which topic it is; the newest is the last. */
	readonly #kept = new Map<string, Position>();
	readonly #followed = new WeakMap<Line, Map<number, Followed>>();
	/** What has not caught up yet. */
	readonly #behind = new Set<Followed>();
	/** `since` was asked, or is being asked: what comes of it. */
	#asked: Promise<string[]> | undefined;
	/** The server of the newest connection has done what it does first. */
	#isOpened = false;
	#hasRecovered = false;
	#hasLost = false;
	#continuity: Continuity = 'live';

	constructor(host: Host) {
		this.#host = host;
	}

	/** Whether there is anything to go on from. */
	async resumes(): Promise<boolean> {
		const asked = (this.#asked ??= this.#ask());
		for (const start of await asked) {
			const token = tokenOf(start);
			// It may have moved in the meantime.
			if (asked !== this.#asked || this.#kept.has(token)) continue;
			this.#kept.set(token, { start, offset: undefined });
		}
		return this.#kept.size > 0;
	}

	/** The newest of them, as many as a server reads. */
	resume(): string {
		const { frame, kinds, maxResume, positionSeparator } = this.#host.tools;
		const all: string[] = [];
		let size = frame(kinds.resume, '[]').length;
		const kept = [...this.#kept.values()];
		for (let last = kept.pop(); last; last = kept.pop()) {
			const { start, offset } = last;
			const position = offset === undefined ? start : start + positionSeparator + offset;
			size += JSON.stringify(position).length + 1;
			if (size > maxResume) break;
			all.push(position);
		}
		return frame(kinds.resume, JSON.stringify(all));
	}

	/**
	 * The peer is on a topic.
	 * @param text a `TopicState`
	 */
	follow(line: Line, text: string): void {
		const state = JSON.parse(text) as TopicState;
		const { number, start, offset = 0, from = offset, ...found } = state;
		// What is left says nothing new: where it goes on is asked elsewhere.
		if (start === undefined || !this.#host.isCurrent(line)) return;
		const token = tokenOf(start);
		const before = this.#kept.get(token);
		const topics = this.#topicsOf(line);
		// It may be told again of a topic that it is on.
		const isSame = found.isRecovered ?? topics.has(number);
		// The old start is still one to go on from, and other connections are on the same numbers.
		const position = (isSame && before) || { start, offset: from };
		position.offset = Math.max(position.offset ?? 0, from);
		this.#kept.delete(token);
		this.#kept.set(token, position);
		const followed = { token, position, until: offset, asked: -Infinity };
		topics.set(number, followed);
		if (position.offset < offset) this.#behind.add(followed);
		if (before && found.isRecovered) this.#hasRecovered = true;
		if (before && !isSame) this.#lose(found.missed);
		this.#judge();
	}

	/** The peer is on it no longer. */
	leave(line: Line, number: number): void {
		const followed = this.#topicsOf(line).get(number);
		if (!followed) return;
		this.#topicsOf(line).delete(number);
		if (this.#isKept(followed)) this.#kept.delete(followed.token);
		this.#behind.delete(followed);
		this.#judge();
	}

	/**
	 * A message of a topic has come.
	 * @param tell what to do if it is the next one: any other has come before, or will come again
	 */
	receive(line: Line, number: number, offset: number, tell: () => void): void {
		const followed = this.#topicsOf(line).get(number);
		if (!followed) return tell();
		const { position, until } = followed;
		const next = (position.offset ?? 0) + 1;
		// What is not told here is for another connection to tell; there the topic may have begun anew.
		if (!this.#host.hears(line) || !this.#isKept(followed) || offset < next) return;
		if (offset > next) return this.#miss(line, number, followed);
		position.offset = offset;
		followed.asked = -Infinity;
		tell();
		if (offset >= until && this.#behind.delete(followed)) this.#judge();
	}

	/** It is known what the server of another connection knows. */
	known(line: Line): void {
		this.#begin();
		if (line.isFramed || this.#kept.size === 0) return;
		this.#kept.clear();
		this.#lose();
		this.opened();
	}

	opened(): void {
		this.#isOpened = true;
		this.#judge();
	}

	ended(): void {
		this.#begin();
		if (this.#kept.size > 0) this.#show('recovering');
	}

	/** Nothing of before matters elsewhere. */
	moved(): void {
		this.#begin();
		this.#kept.clear();
		this.#asked = undefined;
		this.#show('live');
	}

	#begin(): void {
		this.#behind.clear();
		this.#isOpened = this.#hasRecovered = this.#hasLost = false;
	}

	/** Where the page's data was read; what cannot be had is none. */
	async #ask(): Promise<string[]> {
		const { since } = this.#host.options;
		try {
			const asked = await (typeof since === 'function' ? this.#host.run(since) : since);
			return [asked].flat().filter((start): start is string => Boolean(start));
		} catch {
			return [];
		}
	}

	#topicsOf(line: Line): Map<number, Followed> {
		const topics = this.#followed.get(line) ?? new Map<number, Followed>();
		this.#followed.set(line, topics);
		return topics;
	}

	#isKept({ token, position }: Followed): boolean {
		return this.#kept.get(token) === position;
	}

	/** Ask for what is missing, unless it may be on its way. */
	#miss(line: Line, number: number, followed: Followed): void {
		const now = performance.now();
		if (!this.#host.isCurrent(line) || now - followed.asked < patience) return;
		followed.asked = now;
		const { frame, kinds } = this.#host.tools;
		line.send(frame(kinds.missing, number, followed.position.offset ?? 0));
	}

	#lose(missed?: number): void {
		this.#hasLost = true;
		this.#host.tell('gap', missed === undefined ? {} : { missed });
	}

	#judge(): void {
		if (!this.#isOpened && this.#continuity !== 'live') return;
		if (this.#behind.size > 0) return this.#show('recovering');
		const isWhole = this.#hasRecovered ? 'recovered' : 'live';
		this.#show(this.#hasLost ? 'lost' : isWhole);
	}

	#show(continuity: Continuity): void {
		if (continuity === this.#continuity) return;
		this.#continuity = continuity;
		this.#host.show({ continuity });
	}
}

/** What says which topic a position is in. */
function tokenOf(start: string): string {
	return start.split('.', 1)[0] ?? '';
}
