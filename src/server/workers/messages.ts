import type { ListenOptions } from '../engine/engine.ts';
import type { StopSignal } from '../stop-signals.ts';

/** What the primary and its workers tell each other, beside what `node:cluster` and the app do. */

/** The variable by which a worker knows that the primary is ours. */
export const workerVariable = 'SVELTE_ADAPTER_WS_WORKER';

/** What it holds, as JSON. */
export interface WorkerOrders {
	/** Process id of the primary: the environment is inherited by others, too. */
	readonly primary: number;
	/** Where the router of the cluster bus listens. Absent where another bus was asked for. */
	readonly bus?: string;
	/** Where all of them listen, also where any port would do. Absent on a unix socket. */
	readonly port?: number;
	/** It says what all of them would say. */
	readonly speaks: boolean;
}

/** From a worker: it listens. */
export interface Listening {
	readonly type: 'svelte-adapter-ws:listening';
	/** What a server that is alone prints. */
	readonly line: string;
	readonly bound: ListenOptions;
}

/** To a worker: shut down as on a signal. A signal itself would be the second one where a terminal has sent it to all of us. */
export interface Stop {
	readonly type: 'svelte-adapter-ws:stop';
	readonly reason: StopSignal;
}

/** From a worker that stops: it has come so far. Back to all of them when the last one has. */
export interface Step {
	readonly type: 'svelte-adapter-ws:step';
	/** From 1. */
	readonly step: number;
}

export function isListening(message: unknown): message is Listening {
	return typeOf(message) === ('svelte-adapter-ws:listening' satisfies Listening['type']);
}

export function isStop(message: unknown): message is Stop {
	return typeOf(message) === ('svelte-adapter-ws:stop' satisfies Stop['type']);
}

export function isStep(message: unknown): message is Step {
	return typeOf(message) === ('svelte-adapter-ws:step' satisfies Step['type']);
}

function typeOf(message: unknown): unknown {
	return typeof message === 'object' && message !== null && 'type' in message
		? message.type
		: undefined;
}
