import process from 'node:process';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { chooseEngine } from './choose.ts';
import { createConfig, type Config } from './config.ts';
import type { Engine, ListenOptions } from './engine/engine.ts';
import { describeAddress } from './engine/listen.ts';
import type { Variables } from './env.ts';
import { shutDown } from './shutdown.ts';

export interface RunningServer {
	/** The unix socket that is listened on, or false. */
	readonly path: string | false;
	/** The host that is listened on, or false. */
	readonly host: string | false;
	/** The port that is listened on, also where `PORT` is 0, or false. */
	readonly port: number | false;
	/** Shut down as on a signal. Harmless when called twice. */
	close(): Promise<void>;
}

type Reason = 'SIGTERM' | 'SIGINT' | 'IDLE';

/**
 * Start the server that the build described.
 * @throws {AdapterError} `bad_env`, `uws_missing`, `listen_failed`, or what is wrong with `src/websocket`
 */
export async function start(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<RunningServer> {
	const config = createConfig(handoff, variables);
	const app = new App(handoff, config);
	const engine = await chooseEngine(config, app.engineOptions, app.handlers, app.log);
	await app.init(engine, variables);
	const bound = await engine.listen(config.listen);
	const close = closeOnSignals(app, engine, config);
	const scheme = 'port' in bound ? (config.tls ? 'https://' : 'http://') : '';
	app.log.info(`Listening on ${scheme}${describeAddress(bound)} with ${engine.description}`);
	return { ...addressOf(bound), close };
}

function closeOnSignals(app: App, engine: Engine, config: Config): () => Promise<void> {
	const { registry, requests } = app;
	let closing: Promise<void> | undefined;
	const close = () =>
		(closing ??= shutDown({ engine, registry, requests, timeout: config.shutdownTimeout }));
	const closeFor = (reason: Reason) => {
		if (!closing) void close().then(() => announceShutdown(reason));
	};
	process.on('SIGTERM', closeFor);
	process.on('SIGINT', closeFor);
	if (config.idleTimeout > 0) {
		requests.onIdle(
			config.idleTimeout,
			() => registry.size === 0,
			() => closeFor('IDLE')
		);
	}
	return close;
}

/** An event of Kit's adapters: https://svelte.dev/docs/kit/adapter-node#Graceful-shutdown */
function announceShutdown(reason: Reason): void {
	const emitter: NodeJS.EventEmitter = process;
	emitter.emit('sveltekit:shutdown', reason);
}

function addressOf(bound: ListenOptions): Pick<RunningServer, 'path' | 'host' | 'port'> {
	return {
		path: 'path' in bound && bound.path,
		host: 'host' in bound && bound.host,
		port: 'port' in bound && bound.port
	};
}
