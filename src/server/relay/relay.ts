import type { BusData } from '../bus/bus.ts';
import { kinds } from '../bus/kinds.ts';
import type { Processes } from '../bus/processes.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { End } from './ends.ts';
import { decodeFrame, encodeFrame, ops, type Frame } from './frames.ts';
import { Home, type Decide } from './home.ts';
import type { HomeEnd } from './home-end.ts';
import { Link } from './link.ts';
import { Outpost } from './outpost.ts';
import type { Guests } from './guests.ts';
import type { Asking, OutpostEnd, Outcome } from './outpost-end.ts';
import type { RelayedHub } from './relayed-socket.ts';
import { allOf, decodeStatus, encodeStatus, someOf, type Status } from './status.ts';

export interface RelayOptions {
	processes: Processes;
	/** Where relayed sockets are on topics. */
	hub: RelayedHub;
	decide: Decide;
	/** Bytes of messages that may wait for another process. */
	maxWaiting: number;
	/** As of `SocketOptions`. */
	closeTimeout?: number | undefined;
	onError(error: unknown, where: string): void;
}

/** Milliseconds between two rounds. */
const interval = 5000;

/**
 * Sockets that have one-time URLs of another process than the one that they have come to: the whole request goes where its URL was
 * made, and what the socket says goes to and fro while it lives.
 */
export class Relay {
	readonly #processes: Processes;
	readonly #home: Home;
	readonly #outpost: Outpost;
	readonly #homeTaken: Acknowledgements<HomeEnd>;
	readonly #outpostTaken: Acknowledgements<OutpostEnd>;
	#timer: NodeJS.Timeout | undefined;

	constructor({ processes, hub, decide, maxWaiting, closeTimeout, onError }: RelayOptions) {
		this.#processes = processes;
		const homeTaken = new Acknowledgements<HomeEnd>((ends) => this.#acknowledge(ends, true));
		const outpostTaken = new Acknowledgements<OutpostEnd>((ends) => this.#acknowledge(ends, false));
		const failed = (error: unknown) => onError(error, 'relay');
		this.#home = new Home({
			processes,
			hub,
			decide,
			onTaken: (end) => homeTaken.add(end),
			onEnd: (end) => homeTaken.delete(end),
			onError: failed
		});
		this.#outpost = new Outpost({
			processes,
			maxWaiting,
			maxBackpressure: hub.maxBackpressure,
			closeTimeout,
			onTaken: (end) => outpostTaken.add(end),
			onEnd: (end) => outpostTaken.delete(end),
			onError: failed
		});
		this.#homeTaken = homeTaken;
		this.#outpostTaken = outpostTaken;
		processes.listen(kinds.relay, (data, sender) => this.#receive(data, sender));
		processes.onLeft((process) => {
			this.#home.ends.left(process);
			this.#outpost.ends.left(process);
		});
	}

	/** Sockets whose connection this process has, and another process the session. */
	get guests(): Guests {
		return this.#outpost.guests;
	}

	/** How many connections this process has besides those of its own sockets; below zero where others have some of those. */
	get extra(): number {
		return this.#outpost.guests.count - this.#home.ends.size;
	}

	/** Sockets, and requests to become one: those that this process relays to others, and those that others relay to it. */
	get sizes(): { outpost: number; home: number } {
		return { outpost: this.#outpost.ends.size, home: this.#home.ends.size };
	}

	/** Let another process decide. Never rejects. */
	ask(process: string, exchange: Asking, isProbe: boolean): Promise<Outcome> {
		this.#start();
		return this.#outpost.ask(process, exchange, isProbe);
	}

	#receive(data: BusData, sender: string): void {
		const frame = decodeFrame(data);
		if (frame === undefined) return;
		if (frame.op === ops.status) this.#follow(sender, frame);
		else if (frame.isFromHome) this.#outpost.receive(sender, frame);
		else {
			this.#start();
			this.#home.receive(sender, frame);
		}
	}

	#follow(sender: string, { isFromHome, flag, payload }: Frame): void {
		const status = decodeStatus(payload);
		if (status === undefined) return;
		if (isFromHome) {
			this.#outpost.ends.follow(sender, status);
			return;
		}
		const known = this.#home.ends.follow(sender, status);
		if (!flag) return;
		this.#tell(sender, true, someOf(known.map((end) => end.progress())));
		const numbers = new Set(known.map(({ link }) => link.number));
		for (const { link: number } of status.all) {
			if (!numbers.has(number)) this.#disown(sender, number);
		}
	}

	/** Of a socket that is not known here. */
	#disown(process: string, number: number): void {
		new Link({ processes: this.#processes, process, number, isHome: true }).tell(ops.gone);
	}

	#acknowledge(ends: readonly End[], isFromHome: boolean): void {
		for (const [process, all] of Map.groupBy(ends, ({ link }) => link.process)) {
			this.#tell(process, isFromHome, someOf(all.map((end) => end.progress())));
		}
	}

	#tell(process: string, isFromHome: boolean, status: Status, flag = false): void {
		const frame: Frame = {
			op: ops.status,
			isFromHome,
			link: 0,
			order: 0,
			hasMore: false,
			flag,
			payload: encodeStatus(status)
		};
		this.#processes.tell(process, kinds.relay, encodeFrame(frame));
	}

	#start(): void {
		this.#timer ??= setInterval(() => this.#round(), interval).unref();
	}

	/** Each process hears what is relayed to it, and answers: what one end has lost sight of the other finds out. */
	#round(): void {
		this.#home.ends.age();
		this.#outpost.round();
		for (const process of this.#outpost.ends.processes) {
			const all = this.#outpost.ends.of(process).map((end) => end.progress());
			for (const status of allOf(all)) this.#tell(process, false, status, true);
		}
		if (!this.#outpost.isIdle || this.#home.ends.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	/** Nothing is relayed any more. */
	stop(): void {
		clearInterval(this.#timer);
		this.#homeTaken.stop();
		this.#outpostTaken.stop();
	}
}
