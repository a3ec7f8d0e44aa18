import process from 'node:process';
import { createReadableStream } from '@sveltejs/kit/node';
import type { Handoff } from '../shared/handoff.ts';
import type { CreateBus } from './bus/bus.ts';
import { both, type Leaving } from './closing.ts';
import type { AppConfig } from './config.ts';
import type { Engine, EngineHandlers, EngineOptions, Exchange } from './engine/engine.ts';
import type { Ground } from './engine/ground.ts';
import type { Variables } from './env.ts';
import { clientAddress } from './http/address.ts';
import { platformRequest } from './http/incoming.ts';
import { Ssr } from './http/ssr.ts';
import { StaticFiles } from './http/static.ts';
import { LimitedLog } from './limited-log.ts';
import { LiveSockets } from './live/live-sockets.ts';
import type { Log } from './log.ts';
import { sharedRegistry } from './registry/global.ts';
import type { Registry } from './registry/registry.ts';
import { Relay } from './relay/relay.ts';
import { RelayEngine } from './relay/relay-engine.ts';
import { Pace } from './pace.ts';
import { Requests } from './requests.ts';
import { announce } from './handshake/announce.ts';
import { Handshake } from './handshake/handshake.ts';
import type { SocketPaths } from './handshake/paths.ts';
import { isProbe } from './handshake/probe.ts';
import { Routes, type HookModule } from './routing/routes.ts';
import { settled } from './settled.ts';
import { findSetup, Installation, type Setup } from './setup.ts';
import { TopicPatterns } from './topics/patterns.ts';

/** Bytes of messages that may be on their way to another process, besides one of any size. */
const maxRelayed = 8 * 1024 * 1024;

/** Everything between an engine and the app: made at boot, used for every request. */
export class App {
	readonly log: Log;
	readonly registry: Registry = sharedRegistry();
	readonly requests = new Requests();
	readonly #handoff: Handoff;
	readonly #config: AppConfig;
	readonly #files: StaticFiles;
	readonly #ssr: Ssr;
	#handshake: Handshake | undefined;
	#live: LiveSockets | undefined;
	#relay: Relay | undefined;
	#setup: Setup | undefined;

	constructor(handoff: Handoff, config: AppConfig, log: Log) {
		this.#handoff = handoff;
		this.log = new LimitedLog(log);
		this.#config = config;
		this.#files = new StaticFiles(handoff);
		this.#ssr = new Ssr({
			respond: (request, exchange) =>
				handoff.server.respond(request, {
					platform: { req: platformRequest(exchange), websockets: this.registry },
					getClientAddress: () => clientAddress(exchange, config.address)
				}),
			origin: config.origin,
			address: config.address,
			bodySizeLimit: config.bodySizeLimit,
			isFast: config.isFast,
			globals: global,
			log: this.log
		});
	}

	get engineOptions(): EngineOptions {
		return { sockets: this.#config.websocket || undefined };
	}

	get handlers(): EngineHandlers {
		return {
			request: (exchange) => this.requests.track(this.#answer(exchange)),
			upgrade: (exchange) =>
				this.requests.track(this.#handshake?.handle(exchange) ?? this.#answer(exchange)),
			error: (error, where) => this.log.error(`The engine failed in ${where}`, error)
		};
	}

	/**
	 * Start Kit and load the socket hook, in this order: the environment is in place and `init` has run before a module of
	 * the app is loaded.
	 * @param bus the way to other processes, which is not opened yet
	 * @throws {AdapterError} what is wrong with `src/websocket`
	 */
	async init(engine: Engine, variables: Variables = process.env, bus?: CreateBus): Promise<void> {
		try {
			await this.#init(engine, variables, bus);
		} catch (error) {
			this.log.mapStack(error);
			throw error;
		}
	}

	async #init(engine: Engine, variables: Variables, bus?: CreateBus): Promise<void> {
		const { server, dir, base } = this.#handoff;
		this.#attach(engine, bus);
		await server.init({
			env: definedOnly(variables),
			read: (file) => createReadableStream(`${dir}/client${base}/${file}`)
		});
		this.#handshake = await this.#createHandshake();
	}

	/** Where others serve the app too, one-time URLs of this process may come to them, and theirs may come here. */
	#attach(engine: Engine, bus?: CreateBus): void {
		const { registry, log } = this;
		const { base } = this.#handoff;
		const { websocket } = this.#config;
		if (bus === undefined || websocket === false) {
			registry.attach(engine, { base, log, bus });
			return;
		}
		const onError = this.handlers.error;
		const hub = new RelayEngine(engine, websocket.maxBackpressure, onError);
		registry.attach(hub, { base, log, bus });
		if (registry.processes === undefined) return;
		this.#relay = new Relay({
			processes: registry.processes,
			hub,
			decide: (exchange, asksOnly) =>
				asksOnly ? this.#handshake?.probe(exchange) : this.handlers.upgrade(exchange),
			maxWaiting: websocket.maxPayload + maxRelayed,
			onError
		});
	}

	get hasSetup(): boolean {
		return this.#setup !== undefined;
	}

	/**
	 * Call `setup` of the app.
	 * @param ground what it is given
	 * @returns undefined if there is none
	 * @throws {AdapterError} `setup_failed`
	 */
	setUp(ground: () => Ground): Installation | undefined {
		return this.#setup && Installation.of(this.#setup, ground(), this.log);
	}

	/** Sockets that are none of the registry's: with live queries, and those whose session another process has. */
	get guests(): Leaving | undefined {
		const [live, relayed] = [this.#live, this.#relay?.guests];
		return live && relayed ? both(live, relayed) : live;
	}

	/** How fast clients of sockets can come back. */
	get pace(): Pace {
		return this.#handshake?.undecided.pace ?? new Pace();
	}

	/** See `Streams`. */
	readonly cutEventStreams = (reason: unknown): void => this.#ssr.cutEventStreams(reason);

	/** Streams that were ended may come again: there is another server. */
	admitStreams(): void {
		this.#ssr.admitEventStreams();
		this.registry.admitSubscriptions();
	}

	/** Whether a socket is at the target of a request: see `SocketPaths`. */
	isAt(target: string): ReturnType<SocketPaths['isAt']> {
		return this.#handshake?.paths.isAt(target);
	}

	/** A file if there is one, else the app. */
	#answer(exchange: Exchange): Promise<void> {
		// A socket may share its path with a file or a prerendered page, and then it is the socket that is asked about.
		if (this.#handshake && isProbe(exchange)) return this.#handshake.probe(exchange);
		if (this.#live?.wantsCookies(exchange)) return this.#live.giveCookies(exchange);
		const file = this.#files.answer(exchange);
		if (file === undefined) return this.#answerByApp(exchange);
		const sent = exchange.send(file.head, file.body);
		if (sent === settled) return sent;
		return sent.catch((error: unknown) => this.#ssr.fail(error, exchange));
	}

	#answerByApp(exchange: Exchange): Promise<void> {
		const handshake = this.#handshake;
		if (handshake === undefined) return this.#ssr.handle(exchange);
		const visit = exchange.method === 'GET' ? handshake.paths.visit(exchange.target) : undefined;
		if (visit === undefined) return this.#ssr.handle(exchange);
		return this.registry.interceptions.run(visit, () => this.#ssr.handle(exchange));
	}

	async #createHandshake(): Promise<Handshake | undefined> {
		const { websocket, origin } = this.#config;
		if (websocket === false) return undefined;
		const { base, appPath } = this.#handoff;
		this.#live = new LiveSockets({
			base,
			appPath,
			limits: websocket,
			answer: (query) => announce(query, () => this.requests.track(this.#answer(query))),
			processes: this.registry.processes
		});
		const module: HookModule | undefined = await websocket.load?.();
		this.#setup = findSetup(module);
		this.registry.declare(new TopicPatterns(module?.topics));
		return new Handshake({
			ssr: this.#ssr,
			routes: module && Routes.from(module, base),
			registry: this.registry,
			live: this.#live,
			relay: this.#relay,
			log: this.log,
			base,
			origin: { ...websocket, isPinned: origin.pinned !== undefined },
			isHashRouted: websocket.isHashRouted,
			maxConnections: websocket.maxConnections,
			upgradeTimeout: websocket.upgradeTimeout,
			maxBackpressure: websocket.maxBackpressure,
			maxPayload: websocket.maxPayload,
			closeOnBackpressureLimit: websocket.closeOnBackpressureLimit,
			rateLimit: websocket.rateLimit,
			idleTimeout: websocket.idleTimeout
		});
	}
}

function definedOnly(variables: Variables): Record<string, string> {
	const entries = Object.entries(variables);
	return Object.fromEntries(
		entries.filter((entry): entry is [string, string] => entry[1] !== undefined)
	);
}
