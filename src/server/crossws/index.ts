import type { DefinedWebSocket } from '../socket/define.ts';
import type { WebSocketHandler } from '../socket/handler.ts';
import type { Peer } from '../socket/peer.ts';
import type { MaybePromise } from '../socket/types.ts';
import { SocketMessage } from './message.ts';
import { Namespaces } from './namespaces.ts';
import type { CrosswsSocket } from './peer.ts';
import type { CrosswsHooks, CrosswsOptions } from './types.ts';
import { upgrade } from './upgrade.ts';

export type * from './types.ts';

/** What stands in any map beside handlers with other data. */
export type CrosswsHandler = DefinedWebSocket & WebSocketHandler<CrosswsSocket>;

/**
 * A handler out of hooks that were written for crossws: those of h3, Nitro, or `graphql-ws/use/crossws`.
 * @param options the hooks, or as crossws' adapters take them `{ hooks, resolve }`, where `resolve` finds those of a request
 */
export function crossws(options: CrosswsHooks | CrosswsOptions): CrosswsHandler {
	const found = isOptions(options) ? options : { hooks: options };
	const namespaces = new Namespaces();
	const protocols = new WeakMap<object, string>();

	const peerOf = (peer: Peer<CrosswsSocket>) => namespaces.peerOf(peer);

	function tellError(peer: Peer<CrosswsSocket>, error: unknown): MaybePromise<void> {
		const { hooks } = peer.data;
		// Without one it is as if it had not been caught.
		if (!hooks.has('error')) throw error;
		const wrapped = toWSError(error);
		return hooks.call((each) => each.error?.(peerOf(peer), wrapped));
	}

	const handler: WebSocketHandler<CrosswsSocket> = {
		async upgrade(event) {
			const decision = await upgrade(found, event);
			if (decision instanceof Response) return decision;
			if (decision.protocol !== undefined) protocols.set(event, decision.protocol);
			return decision.socket;
		},
		protocols: (_offered, event) => protocols.get(event),
		open: (peer) => peer.data.hooks.call((hooks) => hooks.open?.(peerOf(peer))),
		message(peer, message) {
			const received = new SocketMessage(message, peerOf(peer));
			return peer.data.hooks.call((hooks) => hooks.message?.(peerOf(peer), received));
		},
		drain: (peer) => peer.data.hooks.call((hooks) => hooks.drain?.(peerOf(peer))),
		close(peer, { code, reason }) {
			const own = peerOf(peer);
			namespaces.remove(peer);
			return peer.data.hooks.call((hooks) => hooks.close?.(own, { code, reason }));
		},
		...(found.resolve || found.hooks?.error ? { error: tellError } : undefined)
	};
	return handler as CrosswsHandler;
}

function isOptions(options: CrosswsHooks | CrosswsOptions): options is CrosswsOptions {
	return 'hooks' in options || 'resolve' in options;
}

/** What crossws calls `WSError`. */
function toWSError(error: unknown): Error {
	const message = error instanceof Error ? error.message : String(error);
	return Object.assign(new Error(message, { cause: error }), { name: 'WSError' });
}
