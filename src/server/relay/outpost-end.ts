import type { Exchange, UpgradeExchange } from '../engine/engine.ts';
import type { End } from './ends.ts';
import { ops, type Frame } from './frames.ts';
import type { Link } from './link.ts';
import { decodeAccepted, decodeAnswered } from './messages.ts';
import { OutpostAnswer } from './outpost-answer.ts';
import { OutpostSocket, type OutpostSocketOptions } from './outpost-socket.ts';
import type { Progress } from './status.ts';

/** A request to upgrade, or a probe of one, which nobody accepts. */
export type Asking = Exchange & Partial<UpgradeExchange>;

/** What became of a request that another process was to decide. */
export type Outcome = { isDecided: true } | { isDecided: false; why: string };

export interface OutpostEndOptions {
	link: Link;
	exchange: Asking;
	/** Bytes of messages that may wait for the other process. */
	maxWaiting: number;
	/** It is a socket now. */
	onOpen(end: OutpostEnd): void;
	/** Nothing is to be told or heard any more. */
	onEnd(end: OutpostEnd): void;
	/** The connection may have taken something, which the other end is to hear of. */
	onTaken(end: OutpostEnd): void;
	onError(error: unknown): void;
	maxBackpressure: number;
	leaving: OutpostSocketOptions['leaving'];
}

/** The end of a relayed socket in the process that has the connection: first a request, then perhaps a socket. */
export class OutpostEnd implements End {
	readonly link: Link;
	readonly #options: OutpostEndOptions;
	readonly #outcome = Promise.withResolvers<Outcome>();
	/** Frames that wait until the engine can accept. */
	#early: Frame[] | undefined;
	#answer: OutpostAnswer | undefined;
	#socket: OutpostSocket | undefined;
	#isHeard = false;
	#isOver = false;

	constructor(options: OutpostEndOptions) {
		this.#options = options;
		this.link = options.link;
	}

	/** When it is a socket, the client has its answer or has left, or nobody decides. Never rejects. */
	get outcome(): Promise<Outcome> {
		return this.#outcome.promise;
	}

	/** The other process has said that it decides. */
	get isHeard(): boolean {
		return this.#isHeard;
	}

	get socket(): OutpostSocket | undefined {
		return this.#socket;
	}

	get isBehind(): boolean {
		return (this.#socket?.pending ?? 0) > 0;
	}

	receive(frame: Frame): void {
		this.#isHeard = true;
		if (this.#early) this.#early.push(frame);
		else if (this.#socket) this.#socket.receive(frame);
		else if (this.#answer) this.#answer.receive(frame);
		else if (frame.op === ops.accept) void this.#accept(frame);
		else if (frame.op === ops.answer) void this.#send(frame);
		else if (frame.op === ops.cut) this.#cut();
	}

	advanced(): void {}

	progress(): Progress {
		const { received = 0, taken = 0 } = this.#socket ?? this.#answer ?? {};
		return this.link.progress(received, taken);
	}

	lost(why: string): void {
		if (this.#isOver) return;
		if (this.#socket) return this.#socket.lost();
		this.#answer?.cut(why);
		if (this.#answer === undefined) this.#give({ isDecided: false, why });
		this.#end();
	}

	/** The client has left before it had its answer. */
	abandon(): void {
		if (this.#isOver || this.#socket) return;
		this.link.tell(ops.left);
		this.#give({ isDecided: true });
		this.#end();
	}

	/** Close the connection, and let the other process know. */
	close(code: number, reason: string): void {
		this.#socket?.end(code, reason);
	}

	async #accept({ payload }: Frame): Promise<void> {
		const { exchange, onError } = this.#options;
		const head = decodeAccepted(payload);
		if (head === undefined) return this.lost('its answer makes no sense');
		this.#early = [];
		await exchange.turn?.();
		if (this.#isOver) return;
		const socket = new OutpostSocket(this.#socketOptions());
		this.#socket = socket;
		let isOpen = false;
		try {
			isOpen = exchange.accept?.(head, socket) ?? false;
		} catch (error) {
			onError(error);
		}
		if (!isOpen) socket.close(1006, '');
		this.#give({ isDecided: true });
		const early = this.#early;
		this.#early = undefined;
		for (const frame of early) socket.receive(frame);
	}

	#socketOptions(): OutpostSocketOptions {
		const { link, maxWaiting, maxBackpressure, leaving, onOpen, onTaken } = this.#options;
		return {
			link,
			maxWaiting,
			maxBackpressure,
			leaving,
			onOpen: () => onOpen(this),
			onTaken: () => onTaken(this),
			onEnd: () => this.#end()
		};
	}

	async #send({ payload }: Frame): Promise<void> {
		const { exchange, onTaken, onError } = this.#options;
		const head = decodeAnswered(payload);
		if (head === undefined) return this.lost('its answer makes no sense');
		const answer = new OutpostAnswer(exchange, head, () => onTaken(this));
		this.#answer = answer;
		await answer.sent.catch(onError);
		this.#give({ isDecided: true });
		if (this.#isOver) return;
		if (!answer.isComplete) this.link.tell(ops.left);
		this.#end();
	}

	#cut(): void {
		this.#options.exchange.cut(new DOMException('It was cut by its process', 'AbortError'));
		this.#give({ isDecided: true });
		this.#end();
	}

	#give(outcome: Outcome): void {
		this.#outcome.resolve(outcome);
	}

	#end(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#options.onEnd(this);
	}
}
