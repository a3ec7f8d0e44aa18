import process from 'node:process';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { chooseBus } from './bus/choose.ts';
import { chooseEngine } from './choose.ts';
import { createConfig, type Config } from './config.ts';
import type { Engine, ListenOptions } from './engine/engine.ts';
import { describeAddress } from './engine/listen.ts';
import type { Variables } from './env.ts';
import { explainLateWrites } from './late-writes.ts';
import { createLog, noLog } from './log.ts';
import { endOnFailure } from './main.ts';
import { surviveLostOutput } from './output.ts';
import { addressOf, type RunningServer } from './running.ts';
import type { Installation } from './setup.ts';
import { closeOnSignals } from './signals.ts';
import { findCluster } from './workers/cluster.ts';
import { findOwnWorker, type OwnWorker } from './workers/worker.ts';

export type { RunningServer };

/**
 * What a build does to serve. Run as `node build` it ends the process when the start fails, with one sentence where that is
 * enough; a script that imports it gets the error.
 */
export function run(handoff: Handoff): Promise<RunningServer> {
	return endOnFailure(handoff.dir, () => start(handoff));
}

/**
 * Start the server that the build described.
 * @throws {AdapterError} `bad_env`, `bus_missing`, `uws_missing`, `bun_missing`, `setup_failed`, `listen_failed`, or what is wrong with `src/websocket`
 */
export async function start(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<RunningServer> {
	surviveLostOutput();
	const worker = findOwnWorker(variables);
	const log = createLog();
	const said = worker && !worker.speaks ? noLog : log;
	explainLateWrites(log);
	const config = configFor(worker, createConfig(handoff, variables, said));
	const app = new App(handoff, config, log);
	const { tls, keepAliveTimeout, headersTimeout } = config;
	const options = { ...app.engineOptions, tls, keepAliveTimeout, headersTimeout };
	const engine = await chooseEngine(config, options, app.handlers, said);
	const bus = await chooseBus(
		config,
		findCluster(worker, handoff.dir, describeAddress(config.listen)),
		log
	);
	await app.init(engine, variables, bus);
	await app.registry.connect();
	const installation = await setUp(engine, app);
	const bound = await listen(engine, app, config, installation);
	const close = closeOnSignals(app, engine, config, { inStep: worker?.inStep, installation });
	const scheme = 'port' in bound ? (config.tls ? 'https://' : 'http://') : '';
	const broker = config.broker ? ` and ${app.registry.bus}` : '';
	const line = `Listening on ${scheme}${describeAddress(bound)} with ${engine.description}${broker}`;
	if (worker) worker.report({ bound, line });
	else log.info(line);
	return { ...addressOf(bound), close };
}

/** Before anybody can come. */
async function setUp(engine: Engine, app: App): Promise<Installation | undefined> {
	let installation: Installation | undefined;
	try {
		installation = app.setUp(
			() => engine.ground?.((target) => app.isAt(target)) ?? { engine: 'bun' }
		);
		await installation?.ready;
	} catch (error) {
		app.log.mapStack(error instanceof Error ? error.cause : error);
		await app.registry.disconnect();
		throw error;
	}
	return installation;
}

/** Who cannot listen leaves the other processes: a script that has started this may go on. */
async function listen(
	engine: Engine,
	app: App,
	config: Config,
	installation: Installation | undefined
): Promise<ListenOptions> {
	try {
		return await engine.listen(config.listen);
	} catch (error) {
		await installation?.undo();
		await app.registry.disconnect();
		throw error;
	}
}

function configFor(worker: OwnWorker | undefined, config: Config): Config {
	return worker ? Object.freeze({ ...config, listen: worker.share(config.listen) }) : config;
}
