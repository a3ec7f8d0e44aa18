import type { DefinedWebSocket } from '../socket/define.ts';
import type { WebSocketHandler } from '../socket/handler.ts';
import type { Peer } from '../socket/peer.ts';
import type { CrosswsHooks, CrosswsOptions } from './hooks.ts';
import type { MaybePromise } from '../socket/types.ts';
import { SocketMessage } from './message.ts';
import { SocketPeer, type CrosswsPeer, type CrosswsSocket } from './peer.ts';
import { upgrade } from './upgrade.ts';

export type { CrosswsHooks, CrosswsOptions, CrosswsRequest, CrosswsUpgrade } from './hooks.ts';
export type { CrosswsMessage } from './message.ts';
export type { CrosswsPeer, CrosswsWebSocket } from './peer.ts';

/** What stands in any map beside handlers with other data. */
export type CrosswsHandler = DefinedWebSocket & WebSocketHandler<CrosswsSocket>;

/**
 * A handler out of hooks that were written for crossws: those of h3, Nitro, or `graphql-ws/use/crossws`.
 * @param options the hooks, or as crossws' adapters take them `{ hooks, resolve }`, where `resolve` finds those of a request
 */
export function crossws(options: CrosswsHooks | CrosswsOptions): CrosswsHandler {
	const found = isOptions(options) ? options : { hooks: options };
	const namespaces = new Map<string, Set<CrosswsPeer>>();
	const protocols = new WeakMap<object, string>();

	function peerOf(peer: Peer<CrosswsSocket>): CrosswsPeer {
		const { data } = peer;
		if (data.peer === undefined) {
			const peers = namespaces.get(data.namespace) ?? new Set();
			namespaces.set(data.namespace, peers);
			data.peer = new SocketPeer(peer, peers);
			if (peer.readyState !== 3) peers.add(data.peer);
		}
		return data.peer;
	}

	function remove({ data: { namespace, peer } }: Peer<CrosswsSocket>): void {
		const peers = namespaces.get(namespace);
		if (peer === undefined || peers === undefined) return;
		peers.delete(peer);
		if (peers.size === 0) namespaces.delete(namespace);
	}

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
			remove(peer);
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
