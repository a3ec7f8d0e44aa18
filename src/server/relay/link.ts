import { kinds } from '../bus/kinds.ts';
import type { Processes } from '../bus/processes.ts';
import type { SocketData } from '../engine/engine.ts';
import { encodeFrame, isNumbered, ops, type Frame } from './frames.ts';
import { toPieces, weightOf } from './pieces.ts';
import type { Progress } from './status.ts';

export interface LinkOptions {
	processes: Pick<Processes, 'tell'>;
	/** The process at the other end. */
	process: string;
	/** Its number among the sockets of its outpost. */
	number: number;
	/** This is the end at its home. */
	isHome: boolean;
}

const turns = 2 ** 32;

/** Rounds without a word of the other end after which it is taken for lost. */
const patience = 4;

/**
 * One end of the way between the two ends of a relayed socket. Frames are numbered and bytes are counted, because a bus may lose
 * some: who finds that something is missing ends the socket, rather than go on without it.
 */
export class Link {
	readonly process: string;
	readonly number: number;
	readonly #processes: Pick<Processes, 'tell'>;
	readonly #isHome: boolean;
	#sent = 0;
	#received = 0;
	#given = 0;
	#taken = 0;
	#stuck = 0;
	#silence = 0;

	constructor({ processes, process, number, isHome }: LinkOptions) {
		this.#processes = processes;
		this.process = process;
		this.number = number;
		this.#isHome = isHome;
	}

	tell(op: number, payload: Uint8Array = new Uint8Array(0), flags: Partial<Frame> = {}): void {
		const order = this.#sent;
		if (isNumbered(op)) this.#sent = (this.#sent + 1) % turns;
		const link = this.number;
		const isFromHome = this.#isHome;
		const frame = { op, isFromHome, link, order, hasMore: false, flag: false, payload, ...flags };
		this.#processes.tell(this.process, kinds.relay, encodeFrame(frame));
	}

	/** Bytes in pieces, which are waiting until the other end says that they have left it. */
	tellBytes(op: number, bytes: Uint8Array, flag = false): void {
		for (const { payload, hasMore } of toPieces(bytes)) {
			this.#given += weightOf(payload);
			this.tell(op, payload, { hasMore, flag });
		}
	}

	tellData(data: SocketData, compress = false): void {
		if (typeof data === 'string') this.tellBytes(ops.text, Buffer.from(data), compress);
		else this.tellBytes(ops.bytes, data, compress);
	}

	/** Bytes of which the other end has not said that they have left it. */
	get waiting(): number {
		return this.#given - this.#taken;
	}

	/** Of these, the bytes that were there, and had not left, when the other end last spoke of it. */
	get stuck(): number {
		return this.#stuck;
	}

	/** @returns false if frames before this one were lost */
	isNext({ op, order }: Frame): boolean {
		if (!isNumbered(op)) return true;
		if (order !== this.#received) return false;
		this.#received = (this.#received + 1) % turns;
		return true;
	}

	/** How far this end has come. */
	progress(received: number, taken: number): Progress {
		return { link: this.number, sent: this.#sent, received, taken };
	}

	/**
	 * The other end says how far it has come.
	 * @returns false if frames of it were lost
	 */
	follow({ sent, received, taken }: Progress): boolean {
		this.#silence = 0;
		this.#stuck = received - taken;
		if (taken > this.#taken && taken <= this.#given) this.#taken = taken;
		return sent === this.#received;
	}

	/**
	 * Another round has passed. Rounds are counted, and no clock is asked: a process that was stopped has not listened.
	 * @returns false if the other end was silent for too long
	 */
	age(): boolean {
		this.#silence += 1;
		return this.#silence <= patience;
	}
}
