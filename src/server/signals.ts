import process from 'node:process';
import type { App } from './app.ts';
import { leaveCluster, onGoodbye } from './cluster.ts';
import type { Config } from './config.ts';
import type { Engine, InStep } from './engine/engine.ts';
import type { Installation } from './setup.ts';
import { shutDown } from './shutdown.ts';
import { onStopSignals, type StopSignal } from './stop-signals.ts';

/** `DISCONNECT`: the primary of node:cluster wants this worker to go. */
type Reason = StopSignal | 'IDLE' | 'DISCONNECT';

interface Surroundings {
	/** See `Engine.stop`. */
	inStep?: InStep | undefined;
	/** What `setup` of the app has made. */
	installation?: Installation | undefined;
}

/**
 * Shut down on SIGTERM and SIGINT, and exit at the second of them, whichever it is; with `IDLE_TIMEOUT` also when nothing is
 * asked for.
 * @returns shuts down as on a signal
 */
export function closeOnSignals(
	app: App,
	engine: Engine,
	config: Config,
	{ inStep, installation }: Surroundings = {}
): () => Promise<void> {
	const { registry, requests, guests, pace, cutEventStreams } = app;
	let closing: Promise<void> | undefined;
	const undo = installation && (() => installation.undo());
	const close = () => (closing ??= shut());
	const shut = async () => {
		const timeout = config.shutdownTimeout;
		const streams = { registry, cutEventStreams };
		await shutDown({ engine, requests, guests, pace, ...streams, timeout, inStep, undo });
		await registry.disconnect();
		// What the app has left to do is the system's matter from here on.
		ignoreSignals();
	};
	const closeFor = (reason: Reason) => {
		if (closing) return;
		void close().then(() => {
			announceShutdown(reason);
			leaveCluster();
		});
	};
	const ignoreSignals = onStopSignals(closeFor, (code) => process.exit(code));
	onGoodbye(closeFor);
	if (config.idleTimeout > 0) {
		requests.onIdle(
			config.idleTimeout,
			() => registry.size + (guests?.size ?? 0) === 0,
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
