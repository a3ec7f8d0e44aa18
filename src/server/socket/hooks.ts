import type { Log } from '../log.ts';
import type { PeerEvents, PeerListener } from './listeners.ts';
import type { Peer } from './peer.ts';
import type { Route } from './route.ts';

export type HookName = 'open' | 'message' | 'drain' | 'close';

/** Calls the hooks and the listeners of one peer. What they throw ends nothing: it goes to `error`, or to the log. */
export class Hooks {
	readonly #peer: Peer;
	readonly #route: Route;
	readonly #log: Log;

	constructor(peer: Peer, route: Route, log: Log) {
		this.#peer = peer;
		this.#route = route;
		this.#log = log;
	}

	/** @returns whether it went well: a promise only if the hook has returned one; it never rejects */
	call(hook: HookName, run: () => unknown): boolean | Promise<boolean> {
		try {
			const result = run();
			if (!isThenable(result)) return true;
			return Promise.resolve(result).then(
				() => true,
				(error: unknown) => this.#failed(hook, error)
			);
		} catch (error) {
			return this.#failed(hook, error);
		}
	}

	/** Tell these listeners, whatever one of them does. */
	tell<Type extends 'message' | 'close'>(
		listeners: readonly PeerListener<Type>[],
		create: () => PeerEvents[Type]
	): (boolean | Promise<boolean>)[] {
		if (listeners.length === 0) return [];
		const event = create();
		return listeners.map((listener) => this.call(event.type, () => listener(event)));
	}

	#failed(hook: HookName, error: unknown): false {
		const { id, handler } = this.#route;
		this.#log.mapStack(error);
		const listeners = this.#peer.listeners('error');
		if (handler.error === undefined && listeners.length === 0) {
			this.#log.error(`The websocket hook ${hook} of ${id} failed`, error);
			return false;
		}
		const report = (second: unknown) => {
			this.#log.error(`The websocket hook ${hook} of ${id} failed`, error);
			this.#log.error(`The websocket hook error of ${id} failed on that`, second);
		};
		const told = [
			() => handler.error?.(this.#peer, error),
			...listeners.map((listener) => () => listener({ type: 'error', error }))
		];
		for (const tell of told) attempt(tell, report);
		return false;
	}
}

/** Whatever goes wrong is reported, now or later. */
function attempt(run: () => unknown, report: (error: unknown) => void): void {
	try {
		void Promise.resolve(run()).catch(report);
	} catch (error) {
		report(error);
	}
}

/** A promise of any realm or library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
	return (
		typeof value === 'object' &&
		value !== null &&
		'then' in value &&
		typeof value.then === 'function'
	);
}
