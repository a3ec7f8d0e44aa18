import process from 'node:process';
import { createReadableStream } from '@sveltejs/kit/node';
import { createConfig, type Config } from './config.ts';
import type { Engine, EngineHandlers, Exchange, ListenOptions } from './engine/engine.ts';
import { createUwsEngine } from './engine/uws/index.ts';
import type { Variables } from './env.ts';
import type { Handoff } from '../shared/handoff.ts';
import { Ssr } from './http/ssr.ts';
import { StaticFiles } from './http/static.ts';
import { createLog, type Log } from './log.ts';
import { sharedRegistry } from './registry/global.ts';
import type { Registry } from './registry/registry.ts';
import { Requests } from './requests.ts';
import { shutDown } from './shutdown.ts';
import { Handshake } from './websocket/handshake.ts';
import { Routes } from './websocket/routes.ts';

export interface RunningServer {
	readonly host: string;
	/** The port that is listened on, also where `PORT` is 0. */
	readonly port: number;
	/** Shut down as on a signal. Harmless when called twice. */
	close(): Promise<void>;
}

/** What is built at boot and used for every request. */
interface Parts {
	config: Config;
	log: Log;
	registry: Registry;
	requests: Requests;
	files: StaticFiles;
	ssr: Ssr;
	handshake?: Handshake;
}

/**
 * Start the server that the build described.
 * @throws {AdapterError} `bad_env`, `uws_missing`, `listen_failed`, or what is wrong with `src/websocket`
 */
export async function start(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<RunningServer> {
	const config = createConfig(handoff, variables);
	const parts = createParts(handoff, config);
	const engine = await createUwsEngine(
		{ sockets: config.websocket || undefined },
		createHandlers(parts)
	);
	parts.registry.attach(engine);
	await handoff.server.init({
		env: definedOnly(variables),
		read: (file) => createReadableStream(`${handoff.dir}/client${handoff.base}/${file}`)
	});
	parts.handshake = await createHandshake(handoff, parts);
	const bound = await engine.listen(config);
	const server = run(parts, engine, bound);
	parts.log.info(`Listening on http://${authority(bound)} with ${engine.description}`);
	return server;
}

function createParts(handoff: Handoff, config: Config): Parts {
	const log = createLog();
	const registry = sharedRegistry();
	const ssr = new Ssr({
		server: handoff.server,
		origin: config.origin,
		address: config.address,
		bodySizeLimit: config.bodySizeLimit,
		platform: () => ({ websockets: registry }),
		log
	});
	return { config, log, registry, requests: new Requests(), files: new StaticFiles(handoff), ssr };
}

function createHandlers(parts: Parts): EngineHandlers {
	return {
		request: (exchange) => parts.requests.track(answer(parts, exchange)),
		upgrade: (exchange) => {
			const { handshake } = parts;
			if (handshake) parts.requests.track(handshake.handle(exchange));
			else parts.requests.track(answer(parts, exchange));
		},
		error: (error, where) => parts.log.error(`The engine failed in ${where}`, error)
	};
}

/** A file if there is one, else the app. Never rejects. */
async function answer({ files, ssr }: Parts, exchange: Exchange): Promise<void> {
	const file = files.answer(exchange);
	if (file === undefined) return ssr.handle(exchange);
	try {
		await exchange.send(file.head, file.body);
	} catch (error) {
		await ssr.fail(error, exchange);
	}
}

/** The app's modules are loaded here, after `server.init`: the environment is in place, and `init` has run. */
async function createHandshake(handoff: Handoff, parts: Parts): Promise<Handshake | undefined> {
	const { config, ssr, registry, log } = parts;
	const { websocket } = config;
	if (websocket === false) return undefined;
	const module: { websocket?: unknown } | undefined = await websocket.load?.();
	return new Handshake({
		ssr,
		routes: module && new Routes(module.websocket, handoff.base),
		registry,
		log,
		base: handoff.base,
		origin: { ...websocket, isPinned: config.origin.pinned !== undefined },
		isHashRouted: websocket.isHashRouted,
		maxConnections: websocket.maxConnections,
		upgradeTimeout: websocket.upgradeTimeout,
		maxBackpressure: websocket.maxBackpressure
	});
}

function run(parts: Parts, engine: Engine, bound: ListenOptions): RunningServer {
	const { registry, requests, config } = parts;
	let closing: Promise<void> | undefined;
	const close = () =>
		(closing ??= shutDown({ engine, registry, requests, timeout: config.shutdownTimeout }));
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => {
			if (closing) return;
			void close().then(() => announceShutdown(signal));
		});
	}
	return { ...bound, close };
}

/** An event of Kit's adapters: https://svelte.dev/docs/kit/adapter-node#Graceful-shutdown */
function announceShutdown(reason: 'SIGTERM' | 'SIGINT'): void {
	const emitter: NodeJS.EventEmitter = process;
	emitter.emit('sveltekit:shutdown', reason);
}

function authority({ host, port }: ListenOptions): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function definedOnly(variables: Variables): Record<string, string> {
	const entries = Object.entries(variables).filter(
		(entry): entry is [string, string] => entry[1] !== undefined
	);
	return Object.fromEntries(entries);
}
