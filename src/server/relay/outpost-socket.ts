import type { CloseCause, EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import type { Leaver, Leaving } from '../engine/leaving.ts';
import { ops, type Frame } from './frames.ts';
import { HeldMessages } from './held-messages.ts';
import type { Link } from './link.ts';
import { decodeEnded, encodeMessage } from './messages.ts';
import { Pieces, weightOf } from './pieces.ts';

export interface OutpostSocketOptions {
	link: Link;
	/** Bytes of messages that may wait for the other process. */
	maxWaiting: number;
	/** Bytes that may wait for the connection: above this its engine would drop messages. */
	maxBackpressure: number;
	/** Sockets that have ended for the other process, while the last bytes leave. */
	leaving: Pick<Leaving, 'add' | 'delete'>;
	onOpen(): void;
	/** The connection may have taken something. */
	onTaken(): void;
	/** It has ended, which the other process knows. */
	onEnd(): void;
}

/** A real socket whose session another process has. */
export class OutpostSocket implements SocketEvents, Leaver {
	readonly #options: OutpostSocketOptions;
	readonly #pieces = new Pieces();
	readonly #held = new HeldMessages();
	#socket: EngineSocket | undefined;
	/** The other process hears no more of it. */
	#isOver = false;
	/** What is said to the client when everything before it was. */
	#goodbye: (() => void) | undefined;
	#received = 0;
	#taken = 0;

	constructor(options: OutpostSocketOptions) {
		this.#options = options;
	}

	/** Bytes that have come. */
	get received(): number {
		return this.#received;
	}

	/** Of these, those that have left. */
	get taken(): number {
		this.#taken = Math.max(this.#taken, this.#received - this.pending);
		return this.#taken;
	}

	/** Those that have not. */
	get pending(): number {
		return (this.#socket?.bufferedAmount ?? 0) + this.#held.weight;
	}

	receive(frame: Frame): void {
		if (frame.op === ops.text || frame.op === ops.bytes) this.#send(frame);
		else if (frame.op === ops.ping) this.#socket?.ping(frame.payload);
		else if (frame.op === ops.close) this.#close(frame.payload);
		else if (frame.op === ops.terminate) this.terminate();
	}

	/** The connection is to end, and the other process to hear of it. */
	end(code: number, reason: string, cause?: CloseCause): void {
		if (this.#isOver) return;
		this.#tellEnd(code, reason, cause);
		this.#leaveWith(code, reason, cause);
	}

	/** The other process is lost. */
	lost(): void {
		this.#finish();
		this.#leaveWith(1012, 'The process of this socket is gone');
	}

	open(socket: EngineSocket): void {
		this.#socket = socket;
		this.#options.onOpen();
	}

	message(data: SocketData): void {
		if (this.#isOver) return;
		const { link, maxWaiting } = this.#options;
		// As where they wait for a hook: nothing can make a client wait.
		if (link.waiting > maxWaiting) this.end(1008, 'Too many messages are waiting');
		else link.tellData(data);
	}

	pong(data: Uint8Array): void {
		if (!this.#isOver) this.#options.link.tell(ops.pong, data);
	}

	drain(): void {
		this.#release();
		this.#options.onTaken();
	}

	/** What was dropped is held, and sent again. */
	overflow(): void {}

	close(...details: Parameters<SocketEvents['close']>): void {
		this.#held.clear();
		this.#forget();
		if (!this.#isOver) this.#tellEnd(...details);
	}

	/** Everything that was held has left, but for what the engine has. */
	leave(): void {
		this.#goodbye?.();
		this.#forget();
	}

	terminate(): void {
		this.#finish();
		this.#socket?.terminate();
	}

	#send(frame: Frame): void {
		this.#received += weightOf(frame.payload);
		const data = this.#pieces.add(frame);
		if (data !== undefined && !this.#isOver) {
			if (!this.#held.areNone || !this.#pass(data, frame.flag)) this.#held.add(data, frame.flag);
		}
		this.#options.onTaken();
	}

	readonly #pass = (data: SocketData, compress: boolean): boolean => {
		const socket = this.#socket;
		if (socket === undefined || socket.bufferedAmount > this.#options.maxBackpressure) return false;
		return socket.send(data, compress) !== 'dropped';
	};

	#release(): void {
		if (this.#held.areNone) return;
		this.#held.release(this.#pass);
		if (this.#held.areNone) this.leave();
	}

	#close(payload: Uint8Array): void {
		const { code, reason, cause } = decodeEnded(payload) ?? { code: 1011, reason: '' };
		this.#finish();
		this.#leaveWith(code, reason, cause);
	}

	#leaveWith(code: number, reason: string, cause?: CloseCause): void {
		const goodbye = () => this.#socket?.close(code, reason, cause);
		if (this.#held.areNone) return goodbye();
		this.#goodbye = goodbye;
		this.#options.leaving.add(this);
	}

	#forget(): void {
		this.#goodbye = undefined;
		this.#options.leaving.delete(this);
	}

	#tellEnd(code: number, reason: string, cause?: CloseCause): void {
		this.#options.link.tell(ops.closed, encodeMessage({ code, reason, cause }));
		this.#finish();
	}

	#finish(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#options.onEnd();
	}
}
