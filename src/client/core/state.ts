import type { ConnectionError } from './errors.ts';

export type Status = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** Where a connection stands. */
export type ConnectionState =
	| { readonly status: Status; readonly attempts: number; readonly error: undefined }
	| {
			/** There is no connection: another attempt follows, or it is given up. */
			readonly status: 'reconnecting' | 'closed';
			/** Attempts that have failed since it was open last. */
			readonly attempts: number;
			/** Why the last attempt, or the last connection, failed. */
			readonly error: ConnectionError;
	  };

/** A state in which nothing has failed. */
export function anew(status: Status): ConnectionState {
	return { status, attempts: 0, error: undefined };
}
