import type { Frame } from './frames.ts';
import { ops } from './frames.ts';
import type { Link } from './link.ts';
import type { Progress, Status } from './status.ts';

/** One end of a relayed socket: at its home, or at its outpost. */
export interface End {
	readonly link: Link;
	/** A frame of the other end, in its turn. */
	receive(frame: Frame): void;
	/** The other end has come further. */
	advanced(): void;
	/** How far this one has. */
	progress(): Progress;
	/** Something that has come has not left yet. */
	readonly isBehind: boolean;
	/** The other end is gone, or something was lost on the way to it. */
	lost(why: string): void;
}

const missing = 'something was lost on the way to it';
const silent = 'it is silent';
const gone = 'it knows nothing of it';
const left = 'it is gone';

/** All ends of one kind in this process, by the process at the other end. */
export class Ends<E extends End> {
	readonly #processes = new Map<string, Map<number, E>>();
	#size = 0;

	get size(): number {
		return this.#size;
	}

	get all(): E[] {
		return this.processes.flatMap((process) => this.of(process));
	}

	get processes(): string[] {
		return [...this.#processes.keys()];
	}

	/** A copy: they may go meanwhile. */
	of(process: string): E[] {
		return [...(this.#processes.get(process)?.values() ?? [])];
	}

	find(process: string, number: number): E | undefined {
		return this.#processes.get(process)?.get(number);
	}

	has({ process, number }: Link): boolean {
		return this.find(process, number) !== undefined;
	}

	add(end: E): void {
		const { process, number } = end.link;
		const ends = this.#processes.get(process) ?? new Map<number, E>();
		if (!ends.has(number)) this.#size += 1;
		this.#processes.set(process, ends.set(number, end));
	}

	/** Harmless when called twice. */
	delete({ process, number }: Link): void {
		const ends = this.#processes.get(process);
		if (!ends?.delete(number)) return;
		this.#size -= 1;
		if (ends.size === 0) this.#processes.delete(process);
	}

	/** What is for nobody was on its way when it has ended here. */
	receive(process: string, frame: Frame): void {
		const end = this.find(process, frame.link);
		if (end === undefined) return;
		if (frame.op === ops.gone) end.lost(gone);
		else if (end.link.isNext(frame)) end.receive(frame);
		else lose(end, missing);
	}

	/**
	 * The other process says how far its ends have come.
	 * @returns those of them whose other end is here
	 */
	follow(process: string, { after, until, all }: Status): E[] {
		const known: E[] = [];
		for (const progress of all) {
			const end = this.find(process, progress.link);
			if (end === undefined) continue;
			known.push(end);
			if (end.link.follow(progress)) end.advanced();
			else lose(end, missing);
		}
		if (until > after) this.#loseOthers(process, after, until, new Set(known));
		return known.filter(({ link }) => this.has(link));
	}

	/** Another round has passed. */
	age(): void {
		for (const end of this.all) if (!end.link.age()) lose(end, silent);
	}

	/** A process is gone. */
	left(process: string): void {
		for (const end of this.of(process)) end.lost(left);
	}

	#loseOthers(process: string, after: number, until: number, named: ReadonlySet<E>): void {
		for (const end of this.of(process)) {
			const { number } = end.link;
			if (number > after && number <= until && !named.has(end)) end.lost(gone);
		}
	}
}

function lose(end: End, why: string): void {
	end.link.tell(ops.gone);
	end.lost(why);
}
