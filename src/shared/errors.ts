/** Every code an `AdapterError` can have. A code is stable: it may be matched on, and docs explain it. */
export type ErrorCode =
	| 'bad_env'
	| 'bad_message'
	| 'bad_option'
	| 'bad_route'
	| 'bad_value'
	| 'body_used'
	| 'buffer_full'
	| 'bus_missing'
	| 'bun_missing'
	| 'history_unshared'
	| 'hooks_not_found'
	| 'listen_failed'
	| 'plugin_missing'
	| 'request_closed'
	| 'request_failed'
	| 'request_timeout'
	| 'request_unsupported'
	| 'server_only'
	| 'setup_failed'
	| 'uws_missing'
	| 'websocket_export';

export interface ErrorParts {
	/** What happened. */
	what: string;
	/** The value that caused it. */
	value?: string;
	/** What to do about it: a sentence. */
	todo?: string;
	cause?: unknown;
}

/** An error with the one wording of this package: `[svelte-adapter-ws] what happened (the value). What to do.` */
export class AdapterError extends Error {
	override readonly name = 'AdapterError';
	readonly code: ErrorCode;

	constructor(code: ErrorCode, parts: ErrorParts) {
		super(sentence(parts.what, parts.value, parts.todo), parts);
		this.code = code;
	}
}

/** A function of which somebody may be the caller. */
export type Caller = (...args: never[]) => unknown;

/** Let the stack of an error begin where the app has called `method`, which is where the mistake is. */
export function blame<E extends Error>(error: E, method: Caller): E {
	// Not every browser has it.
	(Error as Partial<typeof Error>).captureStackTrace?.(error, method);
	return error;
}

/** Our own errors begin where the app has called `method`. */
export function blaming<T>(method: Caller, run: () => T): T {
	try {
		return run();
	} catch (error) {
		throw error instanceof AdapterError ? blame(error, method) : error;
	}
}

/** The wording shared by errors and log lines. */
export function sentence(what: string, value?: string, todo?: string): string {
	const happened = value === undefined ? what : `${what} (${value})`;
	return `[svelte-adapter-ws] ${happened}.${todo === undefined ? '' : ` ${todo}`}`;
}
