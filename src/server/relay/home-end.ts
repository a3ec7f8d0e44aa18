import type { SocketEvents } from '../engine/engine.ts';
import type { End } from './ends.ts';
import { ops, type Frame } from './frames.ts';
import type { Link } from './link.ts';
import { decodeEnded, type Asked } from './messages.ts';
import { Pieces, weightOf } from './pieces.ts';
import { RelayedSocket, type RelayedHub } from './relayed-socket.ts';
import { RemoteExchange } from './remote-exchange.ts';
import type { Progress } from './status.ts';

export interface HomeEndOptions {
	link: Link;
	asked: Asked;
	hub: RelayedHub;
	/** Nothing is to be told or heard any more. */
	onEnd(end: HomeEnd): void;
	/** Bytes have come, which the other end is to hear of. */
	onTaken(end: HomeEnd): void;
}

/** The end of a relayed socket in the process that has made its URL: first a request, then perhaps a socket. */
export class HomeEnd implements End {
	readonly link: Link;
	readonly exchange: RemoteExchange;
	readonly isBehind = false;
	readonly #options: HomeEndOptions;
	readonly #pieces = new Pieces();
	#socket: RelayedSocket | undefined;
	#taken = 0;

	constructor(options: HomeEndOptions) {
		const { link, asked } = options;
		this.link = link;
		this.#options = options;
		this.exchange = new RemoteExchange(asked, link, {
			accepted: (events) => this.#open(events),
			ended: () => this.#end()
		});
	}

	receive(frame: Frame): void {
		const { op, payload } = frame;
		if (op === ops.text || op === ops.bytes) this.#message(frame);
		else if (op === ops.pong) this.#socket?.answered(new Uint8Array(payload));
		else if (op === ops.closed) this.#closed(payload);
		else if (op === ops.left) this.lost();
	}

	advanced(): void {
		this.exchange.room.look();
		this.#socket?.advanced();
	}

	progress(): Progress {
		return this.link.progress(this.#taken, this.#taken);
	}

	lost(): void {
		this.#end();
		if (this.#socket) this.#socket.ended(1006, '');
		else this.exchange.leave();
	}

	#open(events: SocketEvents): void {
		const { link, hub } = this.#options;
		this.#socket = new RelayedSocket(link, hub, events, () => this.#end());
		this.#socket.open();
	}

	#message(frame: Frame): void {
		this.#taken += weightOf(frame.payload);
		this.#options.onTaken(this);
		const data = this.#pieces.add(frame);
		if (data !== undefined) this.#socket?.received(data);
	}

	#closed(payload: Uint8Array): void {
		const { code, reason, cause } = decodeEnded(payload) ?? { code: 1006, reason: '' };
		this.#socket?.ended(code, reason, cause);
	}

	#end(): void {
		this.#options.onEnd(this);
	}
}
