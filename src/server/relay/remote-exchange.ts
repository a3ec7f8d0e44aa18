import { BaseExchange } from '../engine/base-exchange.ts';
import type { AcceptHead, HeaderPairs, SocketEvents, UpgradeExchange } from '../engine/engine.ts';
import { checkAccept } from '../engine/headers.ts';
import type { RequestBody } from '../engine/request-body.ts';
import { ops } from './frames.ts';
import type { Link } from './link.ts';
import { encodeMessage, type Asked } from './messages.ts';
import { RemoteSink } from './remote-sink.ts';
import { Room } from './room.ts';

/** What a remote exchange has to say. */
export interface RemoteEvents {
	/** It has become a socket. */
	accepted(events: SocketEvents): void;
	/** Nothing follows. */
	ended(): void;
}

/** A request to upgrade, or a probe of one, whose connection another process has. */
export class RemoteExchange extends BaseExchange implements UpgradeExchange {
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly address: string;
	readonly incoming = undefined;
	readonly isRemote = true;
	readonly room: Room;
	readonly #link: Link;
	readonly #events: RemoteEvents;

	constructor({ method, target, headers, address }: Asked, link: Link, events: RemoteEvents) {
		super();
		this.method = method;
		this.target = target;
		this.headers = headers;
		this.address = address;
		this.room = new Room(link);
		this.#link = link;
		this.#events = events;
	}

	/** Whether the client is still there is known in the other process; if it is not, the socket ends at once. */
	accept(head: AcceptHead, events: SocketEvents): boolean {
		if (this.aborted) return false;
		const headers = checkAccept(head);
		this.isAccepted = true;
		const { protocol } = head;
		this.#link.tell(ops.accept, encodeMessage({ headers, ...(protocol && { protocol }) }));
		this.#events.accepted(events);
		return true;
	}

	/** The client has. */
	leave(): void {
		this.room.end();
		this.abort();
	}

	protected readonly createSink = (status: number, headers: [string, string][]): RemoteSink =>
		new RemoteSink(this.#link, this.room, { status, headers }, () => {
			this.beforeEnd();
			this.#events.ended();
		});

	protected closeConnection(): void {
		this.room.end();
		this.#link.tell(ops.cut);
		this.#events.ended();
	}

	protected override hasBody(): boolean {
		return false;
	}

	protected readBody(): RequestBody {
		throw new Error('A request to upgrade has no body here');
	}
}
