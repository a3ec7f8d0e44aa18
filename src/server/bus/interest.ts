import type { Transport } from './transport.ts';

/** Topics, and characters of them, that the broker is told of at once: what it takes in one piece is limited. */
const pieceLimits = { topics: 1000, characters: 1024 * 1024 };

/** Which topics this process listens to, how often each, and what of that the broker knows. */
export class Interest {
	readonly #transport: Pick<Transport, 'listen' | 'unlisten'>;
	readonly #counts = new Map<string, number>();
	/** What the broker was told on this connection. */
	readonly #told = new Set<string>();
	/** Topics that somebody has come to or left since the broker was told. */
	readonly #changed = new Set<string>();

	constructor(transport: Pick<Transport, 'listen' | 'unlisten'>) {
		this.#transport = transport;
	}

	has(topic: string): boolean {
		return this.#counts.has(topic);
	}

	/** @returns whether there is something to `flush` */
	add(topic: string): boolean {
		const count = this.#counts.get(topic) ?? 0;
		this.#counts.set(topic, count + 1);
		if (count === 0) this.#changed.add(topic);
		return count === 0;
	}

	/** @returns whether there is something to `flush` */
	remove(topic: string): boolean {
		const count = this.#counts.get(topic);
		if (count === undefined) return false;
		if (count > 1) {
			this.#counts.set(topic, count - 1);
			return false;
		}
		this.#counts.delete(topic);
		this.#changed.add(topic);
		return true;
	}

	/** Tell the broker what has changed, of which much has cancelled out. */
	flush(): void {
		if (this.#changed.size === 0) return;
		const come: string[] = [];
		const gone: string[] = [];
		for (const topic of this.#changed) {
			const isWanted = this.#counts.has(topic);
			if (isWanted === this.#told.has(topic)) continue;
			(isWanted ? come : gone).push(topic);
			if (isWanted) this.#told.add(topic);
			else this.#told.delete(topic);
		}
		this.#changed.clear();
		for (const piece of toPieces(gone)) this.#transport.unlisten(piece);
		for (const piece of toPieces(come)) this.#transport.listen(piece);
	}

	/** A new connection knows nothing. */
	restore(): void {
		this.lose();
		for (const topic of this.#counts.keys()) this.#told.add(topic);
		for (const piece of toPieces([...this.#told])) this.#transport.listen(piece);
	}

	/** The connection is gone, and what the broker knew with it. */
	lose(): void {
		this.#told.clear();
		this.#changed.clear();
	}
}

function* toPieces(topics: readonly string[]): Iterable<string[]> {
	let piece: string[] = [];
	let characters = 0;
	for (const topic of topics) {
		const isFull = characters + topic.length > pieceLimits.characters;
		if (piece.length === pieceLimits.topics || (isFull && piece.length > 0)) {
			yield piece;
			piece = [];
			characters = 0;
		}
		piece.push(topic);
		characters += topic.length;
	}
	if (piece.length > 0) yield piece;
}
