import { constants } from 'node:os';
import process from 'node:process';

/** What asks a process to shut down. */
export type StopSignal = 'SIGTERM' | 'SIGINT';

const signals: StopSignal[] = ['SIGTERM', 'SIGINT'];

/** Milliseconds within which a signal is the one before it: a terminal sends it, and so may whoever has started this. */
const echo = 100;

/**
 * @param stop shuts down; harmless when called twice
 * @param exit ends the process at once, with this code: at the second signal, whichever it is
 * @returns listens no longer
 */
export function onStopSignals(
	stop: (signal: StopSignal) => void,
	exit: (code: number) => void
): () => void {
	let asked: number | undefined;
	const onSignal = (signal: StopSignal) => {
		const now = performance.now();
		if (asked !== undefined && now - asked > echo) exit(128 + constants.signals[signal]);
		asked ??= now;
		stop(signal);
	};
	for (const signal of signals) process.on(signal, onSignal);
	return () => {
		for (const signal of signals) process.off(signal, onSignal);
	};
}
