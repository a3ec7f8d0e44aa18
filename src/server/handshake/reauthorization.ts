import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange } from '../engine/engine.ts';
import type { Pace } from '../pace.ts';
import type { RouteMatch } from '../routing/routes.ts';
import type { Peer } from '../socket/peer.ts';
import { announce } from './announce.ts';
import type { Asking } from './asking.ts';
import { Due, type Recurring } from './due.ts';
import { LateController } from './late-controller.ts';
import type { HandshakeOptions } from './options.ts';
import { KeptHandshake, RepeatedExchange } from './repeated-exchange.ts';
import { offeredProtocols } from './subprotocols.ts';
import { PendingUpgrade } from './upgrade.ts';

/** How a socket was opened. */
interface Opened {
	exchange: Exchange;
	match: RouteMatch;
	/** The number of its upgrade: see `Closings`. */
	order: number;
}

/** A socket of a handler that wants to be asked again. */
interface Watched extends Recurring {
	readonly peer: Peer;
	readonly match: RouteMatch;
	readonly order: number;
	readonly handshake: KeptHandshake;
	/** While the app is asked. */
	exchange?: RepeatedExchange;
}

/** What says "not now", as our client understands it: too early, too many requests, took too long to ask. */
const passing = [408, 425, 429];

/** Of what a server can do, the part that this may take. */
const share = 0.5;

/** Asks the app about open sockets as it was asked when they were opened, and closes those that it would not let in any more. */
export class Reauthorization {
	readonly #options: Pick<HandshakeOptions, 'ssr' | 'log'>;
	readonly #asking: Asking;
	readonly #due: Due<Watched>;
	/** A timer keeps the context of whoever has set it, which is another socket's. */
	readonly #outside = AsyncLocalStorage.snapshot();

	constructor(
		options: Pick<HandshakeOptions, 'ssr' | 'log'>,
		asking: Asking,
		pace: Pick<Pace, 'perSecond'>
	) {
		this.#options = options;
		this.#asking = asking;
		this.#due = new Due(
			(watched) => void this.#outside(() => this.#again(watched)),
			() => pace.perSecond * share
		);
	}

	/** A socket was opened. */
	watch(peer: Peer, { exchange, match, order }: Opened): void {
		const seconds = match.route.handler.reauthorize;
		if (seconds === undefined || peer.readyState !== 1) return;
		const watched: Watched = {
			peer,
			match,
			order,
			handshake: new KeptHandshake(exchange),
			period: seconds * 1000,
			due: 0,
			place: undefined
		};
		this.#due.add(watched);
		peer.addEventListener('close', () => {
			this.#due.delete(watched);
			watched.exchange?.cut(new DOMException('The socket has ended', 'AbortError'));
		});
	}

	/** Never rejects. */
	async #again(watched: Watched): Promise<void> {
		const { peer, match } = watched;
		// An edit may have changed it, or taken it away.
		const seconds = match.route.handler.reauthorize;
		if (seconds === undefined) return;
		watched.period = seconds * 1000;
		const exchange = new RepeatedExchange(watched.handshake);
		watched.exchange = exchange;
		const why = await this.#ask(watched, exchange).catch(messageOf);
		delete watched.exchange;
		if (peer.readyState !== 1) return;
		const { status = 101 } = exchange;
		if (why === undefined && status < 500 && status !== 101 && !passing.includes(status)) {
			peer.close(4401, 'Not let in any more');
			return;
		}
		if (why !== undefined || status !== 101) this.#tell(match, why ?? `answered ${status}`);
		this.#due.add(watched);
	}

	/** @returns undefined if it has been answered */
	async #ask(watched: Watched, exchange: RepeatedExchange): Promise<undefined> {
		await announce(exchange, async () => {
			const response = await this.#answer(watched, exchange);
			if (response) await exchange.send({ status: response.status, headers: [] });
		});
	}

	/** @returns the answer to one that is not let in */
	async #answer(
		{ peer, match, order }: Watched,
		exchange: RepeatedExchange
	): Promise<Response | undefined> {
		const controller = new LateController();
		exchange.onAbort((reason) => controller.abort(reason));
		const created = this.#options.ssr.createRequest(exchange, controller);
		if (created === undefined) return undefined;
		const request = this.#asking.toShow(created);
		const offered = offeredProtocols(exchange);
		const pending = new RepeatedUpgrade(peer, () => match, request, offered, order, controller);
		const response = await this.#asking.ask(exchange, request, pending, controller);
		if (response === undefined || (pending.accepted && response.ok)) return undefined;
		await response.body?.cancel();
		return response;
	}

	#tell({ route }: RouteMatch, why: string): void {
		this.#options.log.warn(
			'A socket stays open, because nobody could say whether it still may',
			`${route.id}: ${why}`
		);
	}
}

/** An upgrade of somebody who is here already. */
class RepeatedUpgrade extends PendingUpgrade {
	/** Whom `websockets.close` does not mean when it is called on the way, such as for the other sockets of a user. */
	readonly peer: Peer;

	constructor(peer: Peer, ...upgrade: ConstructorParameters<typeof PendingUpgrade>) {
		super(...upgrade);
		this.peer = peer;
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
