import type { Connection } from './core/connection.ts';

/** What can be done with a connection, as functions that stand by themselves. */
export type Commands<In, Out> = Pick<
	Connection<In, Out>,
	'send' | 'request' | 'open' | 'close' | 'reconnect' | 'on'
>;

export function commandsOf<In, Out>(connection: Connection<In, Out>): Commands<In, Out> {
	return {
		send: (value) => connection.send(value),
		request: (value, options) => connection.request(value, options),
		open: () => connection.open(),
		close: (code, reason) => connection.close(code, reason),
		reconnect: () => connection.reconnect(),
		on: (type, listener) => connection.on(type, listener)
	};
}
