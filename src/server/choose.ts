import cluster from 'node:cluster';
import { AdapterError } from '../shared/errors.ts';
import type { Config } from './config.ts';
import { createBunEngine } from './engine/bun/index.ts';
import { findBun } from './engine/bun/runtime.ts';
import type { Engine, EngineHandlers, EngineOptions } from './engine/engine.ts';
import { createNodeEngine } from './engine/node/index.ts';
import { createUwsEngine } from './engine/uws/index.ts';
import type { Log } from './log.ts';

/**
 * The engine that the config asks for. `auto` takes Bun's own where Bun runs, else uWebSockets.js where it can, and says in one
 * line why it does not.
 * @throws {AdapterError} `uws_missing` or `bun_missing` if it is asked for and cannot be had
 */
export async function chooseEngine(
	config: Config,
	options: EngineOptions,
	handlers: EngineHandlers,
	log: Log
): Promise<Engine> {
	const engine = await createEngine(config, options, handlers, log);
	if (
		!engine.limits.hasTimeouts &&
		(options.keepAliveTimeout ?? options.headersTimeout) !== undefined
	) {
		log.warn(
			`KEEP_ALIVE_TIMEOUT and HEADERS_TIMEOUT have no effect on ${engine.description}, which closes after ten seconds`,
			'set ENGINE=node where they matter'
		);
	}
	return engine;
}

async function createEngine(
	{ engine, listen }: Config,
	options: EngineOptions,
	handlers: EngineHandlers,
	log: Log
): Promise<Engine> {
	if (engine === 'node') return createNodeEngine(options, handlers);
	if (engine === 'bun' && !findBun()) return createBunEngine(options, handlers);
	if ('fd' in listen && !findBun()) {
		// Nobody else can take over a listening socket.
		log.info('LISTEN_FDS is set: the server runs on Node');
		return createNodeEngine(options, handlers);
	}
	if (engine === 'auto' && cluster.isWorker && !('isShared' in listen)) {
		log.info(
			'This is a worker of node:cluster, which can share its port on Node only: the server runs on Node'
		);
		return createNodeEngine(options, handlers);
	}
	if (engine === 'bun' || (engine === 'auto' && findBun()))
		return createBunEngine(options, handlers);
	try {
		return await createUwsEngine(options, handlers);
	} catch (error) {
		if (engine === 'uws' || !(error instanceof AdapterError)) throw error;
		log.warn(
			`${error.message.replace('[svelte-adapter-ws] ', '')} The server runs on Node instead`
		);
		return createNodeEngine(options, handlers);
	}
}
