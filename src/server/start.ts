import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { AdapterError, type ErrorCode } from '../shared/errors.ts';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { chooseEngine } from './choose.ts';
import { createConfig } from './config.ts';
import type { ListenOptions } from './engine/engine.ts';
import { describeAddress } from './engine/listen.ts';
import type { Variables } from './env.ts';
import { explainLateWrites } from './late-writes.ts';
import { createLog } from './log.ts';
import { surviveLostOutput } from './output.ts';
import { closeOnSignals } from './signals.ts';

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

/** What a start can fail for that is no fault of the app's code: the sentence says all there is to know. */
const expected: ErrorCode[] = [
	'bad_env',
	'bad_route',
	'bun_missing',
	'listen_failed',
	'uws_missing',
	'websocket_export'
];

/**
 * What `build/index.js` does. Run as `node build` it ends the process when the start fails, with one sentence where that is
 * enough; a script that imports it gets the error.
 */
export async function run(handoff: Handoff): Promise<RunningServer> {
	try {
		return await start(handoff);
	} catch (error) {
		const isExpected = error instanceof AdapterError && expected.includes(error.code);
		if (!isExpected || !isMain(handoff.dir)) throw error;
		console.error(error.message);
		process.exit(1);
	}
}

/** Whether the process was started as `node build`, by whichever of its names. */
function isMain(dir: string): boolean {
	const index = join(dir, 'index.js');
	try {
		const script = createRequire(index).resolve(process.argv[1] ?? '');
		return realpathSync(script) === realpathSync(index);
	} catch {
		return false;
	}
}

/**
 * Start the server that the build described.
 * @throws {AdapterError} `bad_env`, `uws_missing`, `bun_missing`, `listen_failed`, or what is wrong with `src/websocket`
 */
export async function start(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<RunningServer> {
	surviveLostOutput();
	const log = createLog();
	explainLateWrites(log);
	const config = createConfig(handoff, variables, log);
	const app = new App(handoff, config, log);
	const { tls, keepAliveTimeout, headersTimeout } = config;
	const options = { ...app.engineOptions, tls, keepAliveTimeout, headersTimeout };
	const engine = await chooseEngine(config, options, app.handlers, log);
	await app.init(engine, variables);
	const bound = await engine.listen(config.listen);
	const close = closeOnSignals(app, engine, config);
	const scheme = 'port' in bound ? (config.tls ? 'https://' : 'http://') : '';
	log.info(`Listening on ${scheme}${describeAddress(bound)} with ${engine.description}`);
	return { ...addressOf(bound), close };
}

function addressOf(bound: ListenOptions): Pick<RunningServer, 'path' | 'host' | 'port'> {
	return {
		path: 'path' in bound && bound.path,
		host: 'host' in bound && bound.host,
		port: 'port' in bound && bound.port
	};
}
