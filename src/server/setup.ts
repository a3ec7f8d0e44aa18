import { AdapterError } from '../shared/errors.ts';
import type { Ground } from './engine/ground.ts';
import type { Log } from './log.ts';
import type { MaybePromise } from './socket/types.ts';

/**
 * What `setup` of `src/websocket` is: called once, before the server listens, with what it runs on. It is the place for other
 * servers on the same port, such as `io.attach(server)` of socket.io.
 * @returns undoes it, if it returns something: called when the server ends, and in dev before `setup` is called again
 */
export type Setup = (ground: Ground) => MaybePromise<void | (() => MaybePromise<unknown>)>;

/** What one call of `setup` has made. */
export class Installation {
	/**
	 * Rejects if `setup` does.
	 * @throws {AdapterError} `setup_failed`
	 */
	readonly ready: Promise<void>;
	#undone: Promise<void> | undefined;
	readonly #undo: Promise<unknown>;
	readonly #log: Log;

	private constructor(made: ReturnType<Setup>, log: Log) {
		this.#log = log;
		this.#undo = Promise.resolve(made);
		this.ready = this.#undo.then(
			() => {},
			(cause: unknown) => {
				throw setupFailed(cause);
			}
		);
		this.ready.catch(() => {});
	}

	/** @throws {AdapterError} `setup_failed`, if `setup` does so at once */
	static of(setup: Setup, ground: Ground, log: Log): Installation {
		try {
			return new Installation(setup(ground), log);
		} catch (cause) {
			throw setupFailed(cause);
		}
	}

	/** Harmless when called twice. Never rejects: an error is logged. */
	undo(): Promise<void> {
		return (this.#undone ??= this.#undoOnce());
	}

	async #undoOnce(): Promise<void> {
		const undo = await this.#undo.catch(() => {});
		if (typeof undo !== 'function') return;
		try {
			await (undo as () => MaybePromise<unknown>)();
		} catch (error) {
			this.#log.error('The function that setup of src/websocket returned has failed', error);
		}
	}
}

/** @throws {AdapterError} `websocket_export` for what is no function */
export function findSetup(module: { setup?: unknown } | undefined): Setup | undefined {
	const setup = module?.setup;
	if (setup === undefined || typeof setup === 'function') return setup as Setup | undefined;
	throw new AdapterError('websocket_export', {
		what: 'The export setup of src/websocket is no function',
		value: setup === null ? 'null' : typeof setup,
		todo: 'Write: export const setup: Setup = ({ app, server }) => { … }.'
	});
}

function setupFailed(cause: unknown): AdapterError {
	return new AdapterError('setup_failed', {
		what: 'setup of src/websocket has failed',
		value: String(cause),
		todo: 'The stack of its error says where.',
		cause
	});
}
