import { sentence } from '../../shared/errors.ts';

/** Every code a `ConnectionError` can have; docs/client.md explains them. */
export type ConnectionErrorCode =
	| 'bad_message'
	| 'bad_protocol'
	| 'bad_url'
	| 'blocked'
	| 'closed'
	| 'failed'
	| 'redirected'
	| 'refused'
	| 'silent'
	| 'timeout'
	| 'unreachable';

interface ErrorParts {
	what: string;
	value?: string;
	todo?: string;
	/** The HTTP status of a handshake that was refused, or the one that answers a request. */
	status?: number;
	/** What the app has said with that status. */
	body?: { message: string };
	/** Where a redirect leads, absolute. */
	location?: string | undefined;
	/** The code of a connection that the server has closed. */
	closeCode?: number;
	/** Milliseconds that the server asks to be left alone. */
	retryAfter?: number | undefined;
	cause?: unknown;
}

/** Why a connection failed, or what is wrong with a message. */
export class ConnectionError extends Error {
	override readonly name = 'ConnectionError';
	readonly code: ConnectionErrorCode;
	/** The HTTP status of a handshake that was refused or redirected, or of a request that has failed. */
	readonly status: number | undefined;
	/** What the app has said with `error(404, …)` to a request, as on SvelteKit's own error. */
	readonly body: { message: string } | undefined;
	/** Where a redirect leads, absolute: `http:` or `https:`. */
	readonly location: string | undefined;
	/** The code of a connection that the server has closed. */
	readonly closeCode: number | undefined;
	/** Milliseconds that the server asks to be left alone, if it says so. */
	readonly retryAfter: number | undefined;

	constructor(code: ConnectionErrorCode, parts: ErrorParts) {
		super(sentence(parts.what, parts.value, parts.todo), parts);
		this.code = code;
		this.status = parts.status;
		this.body = parts.body;
		this.location = parts.location;
		this.closeCode = parts.closeCode;
		this.retryAfter = parts.retryAfter;
	}
}
