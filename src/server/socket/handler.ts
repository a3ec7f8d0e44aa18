import type { RequestEvent } from '@sveltejs/kit';
import type { Message } from './message.ts';
import type { Peer } from './peer.ts';
import type { CloseDetails, MaybePromise, ParamValue } from './types.ts';

/** What `upgrade` gets: the event of the request, as in `handle`, with the params of the socket's path. */
export interface UpgradeEvent<P = Record<string, string>> extends Omit<RequestEvent, 'params'> {
	params: P;
	/** The subprotocols the client offers, in its order. */
	protocols: string[];
}

/** A method, so that a handler of narrower params is a handler too, as for the hooks. */
interface ProtocolChoice<P> {
	choose(offered: string[], event: UpgradeEvent<P>): MaybePromise<string | undefined>;
}

/** The hooks of a path. A hook that throws or rejects calls `error`; it never ends the process or another socket. */
export interface WebSocketHandler<Data = undefined, P = Record<string, string>> {
	/**
	 * Runs inside Kit's `handle`: `event.locals` and cookies are there. What it returns becomes `peer.data`.
	 * Refuse with `error(status)`, `redirect(status, to)` or by returning a `Response`: the client gets that answer. `false`
	 * refuses with 401. Anything else, `undefined` and `null` included, lets the client in.
	 */
	upgrade?(event: UpgradeEvent<P>): MaybePromise<Data | Response | false>;
	/**
	 * The socket is open. Messages that arrive early wait until this is done. If it throws or rejects, `error` is called and
	 * the peer is closed with 1011: none of its messages reaches `message`.
	 */
	open?(peer: Peer<Data, P>): MaybePromise<void>;
	/** Called in the order of arrival, without waiting until an earlier call is done, unless `ordered` is set. */
	message?(peer: Peer<Data, P>, message: Message): MaybePromise<void>;
	/** The queue of a slow peer is empty again. */
	drain?(peer: Peer<Data, P>): MaybePromise<void>;
	/** The socket has ended. Called once, after `open` is done, and where they are `ordered` after every message. */
	close?(peer: Peer<Data, P>, details: CloseDetails): MaybePromise<void>;
	/** Another hook threw. Without this hook the error goes to the log. */
	error?(peer: Peer<Data, P>, error: unknown): MaybePromise<void>;
	/**
	 * Wait until `message` is done with one message, its listeners included, before it gets the next. What waits may take
	 * `maxBackpressure` bytes; a peer that sends more is closed with 1008. Default: false.
	 */
	ordered?: boolean;
	/**
	 * The subprotocols this path speaks, best first: the first that the client offers too is chosen. Or a function that
	 * chooses one of those that are offered, or none, once `upgrade` has let the client in; it refuses as `upgrade` does.
	 */
	protocols?: string[] | ProtocolChoice<P>['choose'];
}

/** A handler of which nothing is known but its shape. */
export type AnyHandler = WebSocketHandler<unknown, Record<string, ParamValue>>;
