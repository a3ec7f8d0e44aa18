import type { WebSocketHandler } from './handler.ts';
import type { ParamsOf } from './types.ts';

declare const defined: unique symbol;

/** What `defineWebSocket` returns: at run time the very object that it was given. */
export interface DefinedWebSocket {
	readonly [defined]: true;
}

/** A handler whose `upgrade` decides the type of `peer.data`. */
interface WithUpgrade<Data, P> extends WebSocketHandler<Data, P> {
	upgrade: NonNullable<WebSocketHandler<Data, P>['upgrade']>;
}

/** A handler without `upgrade`: whoever passes `handle` is let in, and `peer.data` is undefined. */
interface WithoutUpgrade<P> extends Omit<WebSocketHandler<undefined, P>, 'upgrade'> {
	// To extend the handler itself is an error for those whose optional properties are exact.
	upgrade?: undefined;
}

/** A function has all that a handler is required to have, which is nothing. */
interface NoFunction {
	call?: never;
}

/**
 * Type the `websocket` export of `src/websocket`: one handler for every path, or a map from paths in Kit's route syntax
 * to handlers. `peer.data` gets the type that `upgrade` returns, `peer.params` the names in the path's brackets.
 *
 * The handlers of one map share the type of `peer.data`. Where one differs, give it a `defineWebSocket` of its own:
 * `{ '/chat/[room]': { upgrade, open }, '/ticks': defineWebSocket({ open }) }`.
 *
 * It changes nothing at run time.
 */
export function defineWebSocket<Data>(
	handler: WithUpgrade<Data, Record<string, string>>
): DefinedWebSocket;
export function defineWebSocket(
	handler: WithoutUpgrade<Record<string, string>> & NoFunction
): DefinedWebSocket;
export function defineWebSocket<Path extends `/${string}`, Data>(
	routes: { [P in Path]: WithUpgrade<Data, ParamsOf<P>> | DefinedWebSocket } & NoFunction
): DefinedWebSocket;
export function defineWebSocket<Path extends `/${string}`>(
	routes: { [P in Path]: WithoutUpgrade<ParamsOf<P>> | DefinedWebSocket } & NoFunction
): DefinedWebSocket;
export function defineWebSocket(websocket: object): DefinedWebSocket {
	return websocket as DefinedWebSocket;
}
