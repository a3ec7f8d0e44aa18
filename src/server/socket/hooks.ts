import { isThenable } from '../../shared/thenable.ts';
import type { Log } from '../log.ts';
import type { SocketContext } from './context.ts';
import type { PeerEvents, PeerListener } from './listeners.ts';
import { refusedMessage, type MessageError } from './incoming.ts';
import type { Peer } from './peer.ts';
import type { Route } from './route.ts';
import type { MaybePromise } from './types.ts';

/** Or what a listener without a hook hears. */
export type HookName = 'open' | 'message' | 'drain' | 'pong' | 'close';

/** Where hooks come from, and where their errors go. */
export interface HooksOptions {
	route: Route;
	context: Pick<SocketContext, 'report'>;
	settings: { log: Log };
}

/**
 * Calls the hooks and the listeners of one peer. What they throw ends nothing: it goes to `error`, and to Kit's
 * `handleError`; where the app has neither, to the log.
 */
export class Hooks {
	readonly #peer: Peer;
	readonly #options: HooksOptions;

	constructor(peer: Peer, options: HooksOptions) {
		this.#peer = peer;
		this.#options = options;
	}

	/**
	 * @param reply what becomes of what the hook returns, and of what it throws
	 * @returns whether it went well: a promise only if the hook has returned one; it never rejects
	 */
	call<Result>(
		hook: HookName,
		run: () => MaybePromise<Result>,
		reply?: { answer(result: Result): void; fail(error: unknown): boolean }
	): boolean | Promise<boolean> {
		if (reply === undefined) return attempt(run, (error) => this.#failed(hook, error));
		const answer = (result: Result) => reply.answer(result);
		const judged = () => {
			const result = run();
			return isThenable(result) ? Promise.resolve(result).then(answer) : answer(result);
		};
		return attempt(judged, (error) => reply.fail(error) || this.#failed(hook, error));
	}

	/** Tell these listeners, whatever one of them does. */
	tell<Type extends 'message' | 'drain' | 'pong' | 'close'>(
		listeners: readonly PeerListener<Type>[],
		create: () => PeerEvents[Type]
	): (boolean | Promise<boolean>)[] {
		if (listeners.length === 0) return [];
		const event = create();
		return listeners.map((listener) => this.call(event.type, () => listener(event)));
	}

	/** A message was refused, which is no accident: `error` hears of it, and else the log, but not `handleError`. */
	refused(error: MessageError): void {
		const { route, settings } = this.#options;
		this.#tellError(error, (isHandled, more) => {
			if (!isHandled) settings.log.warn(refusedMessage, `${route.id}: ${error.summary}`);
			if (more.length > 0) this.#report('message', error, isHandled, more);
		});
	}

	#failed(hook: HookName, error: unknown): void {
		this.#options.settings.log.mapStack(error);
		this.#tellError(error, (isHandled, more) => this.#report(hook, error, isHandled, more));
	}

	/** @param done told whether there is an `error` that was called, and what it has thrown itself */
	#tellError(error: unknown, done: (isHandled: boolean, more: unknown[]) => void): void {
		const { handler } = this.#options.route;
		const listeners = this.#peer.listeners('error');
		const isHandled = handler.error !== undefined || listeners.length > 0;
		const more: unknown[] = [];
		const told = [
			() => handler.error?.(this.#peer, error),
			...listeners.map((listener) => () => listener({ type: 'error', error }))
		].map((tell) => attempt(tell, (second) => void more.push(second)));
		if (told.some((each) => each instanceof Promise)) {
			void Promise.all(told).then(() => done(isHandled, more));
		} else done(isHandled, more);
	}

	/**
	 * What becomes of an error, once its hooks are done with it.
	 * @param isHandled `error` was called for it
	 * @param more what `error` has thrown itself
	 */
	#report(hook: HookName, error: unknown, isHandled: boolean, more: unknown[]): void {
		const { route, context, settings } = this.#options;
		const { log } = settings;
		const what = `The websocket hook ${hook} of ${route.id} failed`;
		const again = `The websocket hook error of ${route.id} failed on that`;
		// It may have thrown what it was given.
		const others = more.filter((each) => each !== error);
		const { report } = context;
		const pass = (line: string, each: unknown) => {
			if (report === undefined) return log.error(line, each);
			void attempt(
				() => report(each),
				(second) => {
					log.error(line, each);
					log.error('handleError failed on that', second);
				}
			);
		};
		if (report !== undefined || !isHandled || more.length > 0) pass(what, error);
		for (const each of others) pass(again, each);
	}
}

/** @returns whether it went well: a promise only if `run` has returned one; it never rejects */
function attempt(
	run: () => unknown,
	onError: (error: unknown) => void
): boolean | Promise<boolean> {
	const failed = (error: unknown) => {
		onError(error);
		return false;
	};
	try {
		const result = run();
		return isThenable(result) ? Promise.resolve(result).then(() => true, failed) : true;
	} catch (error) {
		return failed(error);
	}
}
