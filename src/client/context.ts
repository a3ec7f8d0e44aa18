import { getContext, setContext } from 'svelte';
import { sentence } from '../shared/errors.ts';
import type { ReactiveWebSocket } from './create-websocket.svelte.ts';
import type { InAt, OutAt, Path, ReplyAt } from './typed.ts';

const key = Symbol.for('svelte-adapter-ws:client');

/** What `getWebSocket` finds in the components below. */
export function setWebSocket<In, Out>(socket: ReactiveWebSocket<In, Out>): void {
	setContext(key, socket);
}

/**
 * The socket of the nearest `<WebSocketProvider>` above. To be called while a component is made.
 * @throws if there is none
 */
export function getWebSocket<P extends Path = never>(): ReactiveWebSocket<
	InAt<P, unknown>,
	OutAt<P, unknown>,
	ReplyAt<P>
>;
export function getWebSocket<In = unknown, Out = unknown>(): ReactiveWebSocket<In, Out>;
export function getWebSocket<In, Out>(): ReactiveWebSocket<In, Out> {
	const socket = getContext<ReactiveWebSocket<In, Out> | undefined>(key);
	if (socket !== undefined) return socket;
	throw new Error(
		sentence(
			'getWebSocket finds no socket',
			'there is no <WebSocketProvider> above this component',
			'Put the component, or its layout, into one.'
		)
	);
}
