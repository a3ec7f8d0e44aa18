import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestEvent } from '@sveltejs/kit';
import type { WebSocketHandoff } from '../shared/handoff.ts';
import type { Neighbourhood } from './engine/node/attachment.ts';
import type { UpgradableServer } from './engine/node/doorway.ts';
import { NodeEngine } from './engine/node/index.ts';
import { StagedSetup } from './staged-setup.ts';
import { Ssr } from './http/ssr.ts';
import { LimitedLog } from './limited-log.ts';
import { LiveSockets } from './live/live-sockets.ts';
import type { Log } from './log.ts';
import { sharedRegistry } from './registry/global.ts';
import type { Registry } from './registry/registry.ts';
import { Handshake } from './handshake/handshake.ts';
import type { Interception, Resolve } from './registry/interception.ts';
import type { OriginRules } from './handshake/origin.ts';
import { isProbe } from './handshake/probe.ts';
import { Routes, type HookModule } from './routing/routes.ts';
import { findSetup } from './setup.ts';
import { TopicPatterns } from './topics/patterns.ts';

export interface MountOptions {
	settings: Omit<WebSocketHandoff, 'load'>;
	/** `paths.base` */
	base: string;
	/** Kit's `appDir` with the base. */
	appPath: string;
	/** `paths.origin`, which may be the origin of a page besides the one that the server has here. */
	origin: string | undefined;
	/** How the server is reached. */
	protocol: 'http' | 'https';
	/** Kit's answer to a request, on the connection of `incoming`. */
	respond(request: Request, incoming: IncomingMessage): Promise<Response>;
	log: Log;
	/** In dev: what peers are sent is validated. */
	checksOutgoing?: boolean;
}

/**
 * The sockets of an app on a server that answers requests by itself, as Vite's do: the handshake, routes, peers and
 * registry of production on the Node engine's half for sockets.
 */
export class MountedSockets {
	readonly #routes: Routes;
	readonly #ssr: Ssr;
	readonly #live: LiveSockets;
	readonly #handshake: Handshake;
	readonly #engine: NodeEngine;
	readonly #registry: Registry = sharedRegistry();
	readonly #setup: StagedSetup;

	constructor(given: MountOptions) {
		const options = { ...given, log: new LimitedLog(given.log) };
		const { settings, base, log } = options;
		this.#setup = new StagedSetup(log);
		this.#routes = new Routes(base);
		this.#ssr = createSsr(options);
		this.#live = new LiveSockets({
			base,
			appPath: options.appPath,
			limits: settings,
			answer: (query) => this.#ssr.handle(query)
		});
		this.#handshake = new Handshake({
			live: this.#live,
			ssr: this.#ssr,
			routes: this.#routes,
			registry: this.#registry,
			log,
			base,
			origin: originRules(options),
			isHashRouted: settings.isHashRouted,
			maxConnections: settings.maxConnections ?? Infinity,
			upgradeTimeout: settings.upgradeTimeout,
			startsLate: true,
			maxBackpressure: settings.maxBackpressure,
			maxPayload: settings.maxPayload,
			closeOnBackpressureLimit: settings.closeOnBackpressureLimit,
			rateLimit: settings.rateLimit,
			checksOutgoing: options.checksOutgoing,
			idleTimeout: settings.idleTimeout
		});
		this.#engine = new NodeEngine(
			{ sockets: settings },
			{
				request: (exchange) =>
					this.#live.wantsCookies(exchange)
						? this.#live.giveCookies(exchange)
						: this.#handshake.probe(exchange),
				upgrade: (exchange) => this.#handshake.handle(exchange),
				error: (error, where) => log.error(`The engine failed in ${where}`, error)
			}
		);
		this.#registry.attach(this.#engine, { base, log });
	}

	/**
	 * Use a hook file, or none. Sockets that are open stay, and their next event goes to its handlers. What its `setup` has
	 * made before is undone, and `setup` called again.
	 * @throws {AdapterError} what is wrong with it; then everything is as it was, unless `setup` has failed
	 */
	async use(module: HookModule | undefined): Promise<void> {
		const setup = findSetup(module);
		const patterns = new TopicPatterns(module?.topics);
		if (module === undefined) this.#routes.clear();
		else this.#routes.replace(module);
		this.#registry.declare(patterns);
		await this.#setup.use(setup);
	}

	/**
	 * Let sockets in through a server.
	 * @returns undoes it
	 */
	attach(
		server: UpgradableServer,
		neighbourhood: Omit<Neighbourhood, 'isAt' | 'stage'>
	): () => void {
		const { paths } = this.#handshake;
		this.#setup.front = server;
		const attachment = this.#engine.attach(server, {
			...neighbourhood,
			stage: () => this.#setup.stage,
			isAt: (target) => paths.isAt(target)
		});
		return () => {
			attachment?.detach();
			this.#registry.detach(this.#engine);
			this.#engine.close();
			// Handshakes too: a server that is somebody else's does not end with this.
			attachment?.group.cut();
			void this.#setup.end();
		};
	}

	/** A handler in the style of connect, to be asked before Kit: probes, and plain requests for the path of a socket. */
	handle(req: IncomingMessage, res: ServerResponse, next: () => void): void {
		// What `respond` asks for on behalf of a handshake comes by here as well.
		const isOurs = this.#registry.interceptions.getStore() !== undefined;
		if (isOurs) next();
		else this.#setup.request(req, res, () => this.#answer(req, res, next));
	}

	#answer(req: IncomingMessage, res: ServerResponse, next: () => void): void {
		const { method = '', url: target = '/' } = req;
		const header = (name: string) => req.headers[name]?.toString();
		if (this.#live.wantsCookies({ method, target, header })) this.#engine.receive(req, res);
		else if (isProbe({ method, header })) this.#probe(req, res);
		else {
			const visit = method === 'GET' ? this.#handshake.paths.visit(target) : undefined;
			if (visit === undefined) next();
			else if (req.httpVersionMajor === 1) this.#registry.interceptions.run(visit, next);
			else this.#registry.interceptions.run(new VisitOverHttp2(visit), next);
		}
	}

	#probe(req: IncomingMessage, res: ServerResponse): void {
		// Vite may share its answers with everybody, which is not said twice, and not of answers to cookies.
		res.removeHeader('access-control-allow-origin');
		this.#engine.receive(req, res);
	}
}

/** RFC 9113, section 8.2.2, forbids `upgrade`, and Node throws where nobody can catch it. */
class VisitOverHttp2 implements Interception {
	readonly #visit: Interception;

	constructor(visit: Interception) {
		this.#visit = visit;
	}

	reroute(path: string | undefined): void {
		this.#visit.reroute(path);
	}

	enter(event: RequestEvent): Response | undefined {
		return this.#visit.enter(event);
	}

	async resolve(event: RequestEvent, kit: Resolve): Promise<Response> {
		const response = await this.#visit.resolve(event, kit);
		if (response.headers.has('upgrade')) response.headers.delete('upgrade');
		return response;
	}
}

/** Kit answers, and finds the client's address in the connection. */
function createSsr({ respond, protocol, log }: MountOptions): Ssr {
	return new Ssr({
		respond: (request, { incoming }) => {
			if (incoming === undefined) throw new Error('The Node engine has given no request');
			return respond(request, incoming);
		},
		origin: { pinned: undefined, protocol, protocolHeader: '', hostHeader: '', portHeader: '' },
		address: { header: '', variable: 'ADDRESS_HEADER', depthVariable: 'XFF_DEPTH', xffDepth: 1 },
		bodySizeLimit: Infinity,
		// Vite makes its own requests of all but handshakes.
		isFast: false,
		log
	});
}

/** The app's pages come from here, whatever origin is pinned; those of the pinned one may as well. */
function originRules({ settings, origin }: MountOptions): OriginRules {
	const { allowedOrigins, trustedOrigins } = settings;
	return {
		allowedOrigins,
		trustedOrigins: origin === undefined ? trustedOrigins : [...trustedOrigins, origin],
		isPinned: false
	};
}
