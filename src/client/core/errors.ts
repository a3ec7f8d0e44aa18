import { sentence } from '../../shared/errors.ts';

/** Every code a `ConnectionError` can have; docs/client.md explains them. */
export type ConnectionErrorCode =
	'bad_message' | 'bad_url' | 'closed' | 'refused' | 'silent' | 'unreachable';

interface ErrorParts {
	what: string;
	value?: string;
	todo?: string;
	/** The HTTP status of a handshake that was refused. */
	status?: number;
	/** The code of a connection that the server has closed. */
	closeCode?: number;
	cause?: unknown;
}

/** Why a connection failed, or what is wrong with a message. */
export class ConnectionError extends Error {
	override readonly name = 'ConnectionError';
	readonly code: ConnectionErrorCode;
	/** The HTTP status of a handshake that was refused. */
	readonly status: number | undefined;
	/** The code of a connection that the server has closed. */
	readonly closeCode: number | undefined;

	constructor(code: ConnectionErrorCode, parts: ErrorParts) {
		super(sentence(parts.what, parts.value, parts.todo), parts);
		this.code = code;
		this.status = parts.status;
		this.closeCode = parts.closeCode;
	}
}
