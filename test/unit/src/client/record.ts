import type { Connection } from '../../../../src/client/core/connection.ts';
import type { CloseDetails } from '../../../../src/client/core/types.ts';

/** What a connection has told, by type. */
export function record<In>(connection: Connection<In>) {
	const told: { open: number; message: In[]; close: CloseDetails[]; error: unknown[] } = {
		open: 0,
		message: [],
		close: [],
		error: []
	};
	connection.on('open', () => (told.open += 1));
	connection.on('message', (message) => told.message.push(message));
	connection.on('close', (details) => told.close.push(details));
	connection.on('error', ({ code, status }) => told.error.push(status ?? code));
	return told;
}
