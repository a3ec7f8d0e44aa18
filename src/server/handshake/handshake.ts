import { pingInterval } from '../../shared/heartbeat.ts';
import type { Exchange, UpgradeExchange } from '../engine/engine.ts';
import { describeRequest } from '../describe-request.ts';
import type { LiveSockets } from '../live/live-sockets.ts';
import type { Mark } from '../registry/closings.ts';
import type { RouteMatch } from '../routing/routes.ts';
import type { MaybePromise } from '../socket/types.ts';
import { createSession } from '../socket/create-session.ts';
import type { SessionSettings } from '../socket/session-options.ts';
import { sessionSettings, type HandshakeOptions } from './options.ts';
import { ForeignOrigins } from './foreign-origins.ts';
import { announce } from './announce.ts';
import { Asking } from './asking.ts';
import { Reauthorization } from './reauthorization.ts';
import { LateController } from './late-controller.ts';
import { checkAdmission, refuseIfFull, type Identity } from './admission.ts';
import { isAllowedOrigin, isSameOrigin } from './origin.ts';
import { SocketPaths, type FindKey } from './paths.ts';
import { Elsewhere } from './elsewhere.ts';
import { Places } from './places.ts';
import { allowProbe, ProbeExchange } from './probe.ts';
import { Refusal, checkRequest, foreign, noSocket, refuse } from './request.ts';
import { offeredProtocols } from './subprotocols.ts';
import { wantedBy } from './heartbeat.ts';
import { isDecodable, isElsewhere } from './target.ts';
import { PendingUpgrade, type AcceptedUpgrade, type FindRoute } from './upgrade.ts';

/** An upgrade that the app lets in. */
interface Decision {
	accepted: AcceptedUpgrade;
	/** Its headers travel on the 101. */
	response: Response;
	/** When it began. */
	mark: Mark;
}

/** From a request to upgrade to a socket, or to an HTTP answer that says why not. */
export class Handshake {
	readonly paths: SocketPaths;
	readonly #options: HandshakeOptions;
	readonly undecided = new Places();
	readonly #foreign: ForeignOrigins;
	readonly #settings: SessionSettings;
	readonly #asking: Asking;
	readonly #reauthorization: Reauthorization;
	/** Milliseconds. */
	readonly #pingInterval: number;

	constructor(options: HandshakeOptions) {
		this.#options = options;
		this.paths = new SocketPaths(options.registry, options.routes, options.base, options.live);
		this.#foreign = new ForeignOrigins(options.log, options.ssr.origin);
		this.#pingInterval = pingInterval(options.idleTimeout);
		this.#asking = new Asking(options, this.paths);
		this.#reauthorization = new Reauthorization(options, this.#asking, this.undecided.pace);
		this.#settings = sessionSettings(options);
	}

	/** Answer a request to upgrade. Never rejects. */
	handle(exchange: UpgradeExchange): Promise<void> {
		const { live } = this.#options;
		if (live?.isFor(exchange))
			return this.#answer(exchange, (release) => this.#letInLive(live, exchange, release));
		const elsewhere = Elsewhere.find(exchange, this.paths, this.#options);
		if (elsewhere) return this.#answer(exchange, () => this.#askElsewhere(elsewhere, exchange));
		return announce(exchange, () =>
			this.#answer(exchange, async (release) => {
				checkRequest(exchange);
				const decision = await this.#decide(exchange, (key) =>
					this.#options.registry.keys.take(key)
				);
				const turn = decision && exchange.turn?.();
				if (turn) await turn;
				release();
				if (decision) this.#accept(exchange, decision, this.#admit(exchange, decision));
			})
		);
	}

	/**
	 * No hook of the app runs: each query goes through `handle`.
	 * @throws {Refusal}
	 */
	async #letInLive(
		live: LiveSockets,
		exchange: UpgradeExchange,
		release: () => void
	): Promise<void> {
		const { ssr, origin: rules } = this.#options;
		checkRequest(exchange);
		const created = ssr.createRequest(exchange, new LateController());
		if (created === undefined) return;
		const url = new URL(created.url);
		const origin = exchange.header('origin');
		// Whoever else may open sockets would read what the app tells only its own pages. Nobody misses one: pages fetch instead.
		if (origin !== undefined && !isSameOrigin(origin, url, rules.isPinned)) throw foreign();
		this.#checkRoom(exchange);
		await exchange.turn?.();
		release();
		live.accept(exchange);
	}

	/**
	 * Answer a request that asks how an upgrade would be answered: alike, and 204 where it would be let in. `upgrade` runs,
	 * nothing opens, no one-time key is spent. Browsers hide why a handshake failed; this tells them. Never rejects.
	 */
	probe(exchange: Exchange): Promise<void> {
		if (exchange.method === 'OPTIONS') return allowProbe(exchange);
		const probe = new ProbeExchange(exchange);
		const elsewhere = Elsewhere.find(exchange, this.paths, this.#options);
		return this.#answer(probe, async () => {
			if (elsewhere) return this.#askElsewhere(elsewhere, exchange, true);
			const decision = await this.#decide(probe, (key) => this.#options.registry.keys.peek(key));
			if (decision === undefined) return;
			this.#admit(probe, decision);
			probe.protocol = decision.accepted.protocol;
			await probe.send({ status: 204, headers: decision.response.headers }, null);
		});
	}

	/** @param run may give the exchange's place among the undecided back before it is done */
	async #answer(exchange: Exchange, run: (release: () => void) => Promise<void>): Promise<void> {
		const release = this.undecided.take(exchange);
		try {
			await run(release);
		} catch (error) {
			if (error instanceof Refusal) await refuse(exchange, error);
			else await this.#options.ssr.fail(error, exchange);
		} finally {
			release();
		}
	}

	/**
	 * The checks, cheapest first.
	 * @returns undefined if the exchange was answered on the way
	 * @throws {Refusal}
	 */
	async #decide(exchange: Exchange, findKey: FindKey): Promise<Decision | undefined> {
		const { ssr, registry, origin: rules } = this.#options;
		const offered = offeredProtocols(exchange);
		const controller = new LateController();
		exchange.onAbort((reason) => controller.abort(reason));
		const created = ssr.createRequest(exchange, controller);
		if (created === undefined) return undefined;
		const url = new URL(created.url);
		const origin = exchange.header('origin');
		if (origin !== undefined && !isAllowedOrigin(origin, url, rules)) {
			this.#foreign.tell(exchange, origin, url);
			throw foreign();
		}
		this.#checkRoom(exchange);
		if (!isDecodable(url.pathname)) throw noSocket();
		const request = this.#asking.toShow(created);
		const find: FindRoute = (rerouted) =>
			this.#find(isElsewhere(rerouted, request) ? rerouted : url.pathname, findKey);
		const mark = registry.closings.mark();
		const pending = new PendingUpgrade(find, request, offered, mark.order, controller);
		const response = await this.#asking.ask(exchange, request, pending, controller);
		return this.#judge(exchange, mark, pending, response);
	}

	/** @throws {Refusal} */
	#askElsewhere(elsewhere: Elsewhere, exchange: Exchange, isProbe = false): Promise<void> {
		if (!isProbe) checkRequest(exchange);
		this.#checkRoom(exchange);
		return elsewhere.ask(exchange, isProbe);
	}

	/**
	 * A request whose connection another process has takes no place here.
	 * @throws {Refusal} 503
	 */
	#checkRoom({ isRemote = false }: Exchange): void {
		const { registry, relay, live, maxConnections } = this.#options;
		const extra = (relay?.extra ?? 0) + (live?.size ?? 0);
		if (!isRemote && extra + registry.size + this.undecided.taken > maxConnections)
			throw new Refusal(503, 'Too many connections');
	}

	/** @throws {Refusal} 404 or 503 */
	#find(pathname: string, findKey: FindKey): RouteMatch {
		const match = this.paths.match(pathname, findKey);
		if (match === undefined) throw noSocket();
		refuseIfFull(match);
		return match;
	}

	/** @throws {Refusal} */
	#judge(
		exchange: Exchange,
		mark: Mark,
		{ accepted, refusal }: PendingUpgrade,
		response: Response | undefined
	): MaybePromise<Decision | undefined> {
		const { ssr, log } = this.#options;
		if (refusal) throw refusal;
		if (response === undefined) {
			log.warn('A client left during the handshake', describeRequest(exchange));
			return undefined;
		}
		if (accepted && response.ok) return { accepted, response, mark };
		return ssr.send(response, exchange).then(() => undefined);
	}

	/**
	 * Who it is that is let in.
	 * @throws {Refusal} if that is not so any more
	 */
	#admit(exchange: Exchange, { accepted, mark }: Decision): Identity {
		const { ssr, registry } = this.#options;
		const { match, data, locals, url, protocol } = accepted;
		const { params } = match;
		const address = ssr.clientAddress(exchange);
		const identity = { data, locals, params, url, address, protocol: protocol ?? '' };
		checkAdmission(registry, mark, match, identity);
		return identity;
	}

	#accept(exchange: UpgradeExchange, decision: Decision, identity: Identity): void {
		const { accepted, response, mark } = decision;
		const { match, protocol, context } = accepted;
		const wanted = wantedBy(exchange.target, match.route, this.#pingInterval);
		const options = { route: match.route, context, settings: this.#settings };
		const session = createSession(options, { identity, ...wanted });
		if (!exchange.accept({ headers: response.headers, protocol }, session)) return;
		if (session.peer)
			this.#reauthorization.watch(session.peer, { exchange, match, order: mark.order });
	}
}
