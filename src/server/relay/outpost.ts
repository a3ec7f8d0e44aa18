import type { Processes } from '../bus/processes.ts';
import { Leaving } from '../engine/leaving.ts';
import { Ends } from './ends.ts';
import { Guests } from './guests.ts';
import { ops, type Frame } from './frames.ts';
import { Link } from './link.ts';
import { encodeMessage } from './messages.ts';
import { OutpostEnd, type Asking, type OutpostEndOptions, type Outcome } from './outpost-end.ts';
import { highest } from './status.ts';

/** Milliseconds that a process has to say that it decides. One that nobody has heard of may be about to be. */
const patience = { known: 3000, unknown: 1000 };

/** Rounds for which the connection of a socket that has ended can still be cut. */
const leavingRounds = 12;

export interface OutpostOptions extends Omit<
	OutpostEndOptions,
	'link' | 'exchange' | 'leaving' | 'onOpen'
> {
	processes: Pick<Processes, 'tell' | 'others'>;
	/** As of `SocketOptions`. */
	closeTimeout?: number | undefined;
}

/** What this process relays to others: it has the connections. */
export class Outpost {
	readonly ends = new Ends<OutpostEnd>();
	readonly guests = new Guests<OutpostEnd>(() => this.#closing.size);
	readonly #options: OutpostOptions;
	/** Ended for their process, with messages that are held for them. */
	readonly #closing: Leaving;
	/** Ended for their process, while the last bytes leave; how many rounds ago. */
	readonly #leaving = new Map<OutpostEnd, number>();
	#last = 0;

	constructor(options: OutpostOptions) {
		this.#options = options;
		this.#closing = new Leaving(options.closeTimeout);
	}

	get isIdle(): boolean {
		return this.ends.size + this.#leaving.size === 0;
	}

	/** Let another process decide. Never rejects. */
	async ask(process: string, exchange: Asking, isProbe: boolean): Promise<Outcome> {
		const { processes } = this.#options;
		const end = this.#create(process, exchange);
		this.ends.add(end);
		exchange.onAbort(() => end.abandon());
		const { method, target, headers, address } = exchange;
		end.link.tell(ops.ask, encodeMessage({ isProbe, method, target, headers, address }));
		const time = processes.others.has(process) ? patience.known : patience.unknown;
		const timer = setTimeout(() => {
			if (end.isHeard) return;
			end.link.tell(ops.left);
			end.lost('it does not answer');
		}, time);
		const outcome = await end.outcome;
		clearTimeout(timer);
		return outcome;
	}

	receive(process: string, frame: Frame): void {
		const leaving = frame.op === ops.terminate && this.#findLeaving(process, frame.link);
		if (leaving) leaving.socket?.receive(frame);
		else this.ends.receive(process, frame);
	}

	/** Another round has passed. */
	round(): void {
		this.ends.age();
		for (const [end, rounds] of this.#leaving) {
			if (rounds >= leavingRounds) this.#leaving.delete(end);
			else this.#leaving.set(end, rounds + 1);
		}
	}

	#create(process: string, exchange: Asking): OutpostEnd {
		const { processes, onEnd } = this.#options;
		this.#last = (this.#last % highest) + 1;
		const link = new Link({ processes, process, number: this.#last, isHome: false });
		return new OutpostEnd({
			...this.#options,
			leaving: this.#closing,
			link,
			exchange,
			onOpen: (end) => this.guests.add(end),
			onEnd: (end) => {
				this.ends.delete(link);
				if (this.guests.delete(end) && end.isBehind) this.#leaving.set(end, 0);
				onEnd(end);
			}
		});
	}

	#findLeaving(process: string, number: number): OutpostEnd | undefined {
		for (const end of this.#leaving.keys()) {
			if (end.link.process === process && end.link.number === number) return end;
		}
		return undefined;
	}
}
