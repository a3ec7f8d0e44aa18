import type { StandardSchemaV1 } from '@standard-schema/spec';
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
export interface WebSocketHandler<
	Data = undefined,
	P = Record<string, string>,
	Value = unknown,
	Out = unknown
> {
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
	open?(peer: Peer<Data, P, Out>): MaybePromise<void>;
	/**
	 * Called in the order of arrival, without waiting until an earlier call is done, unless `ordered` is set. What it returns, or
	 * resolves to, answers a `request()` of the client; where the client has only sent, nobody sees it.
	 */
	message?(peer: Peer<Data, P, Out>, message: Message<Value>): unknown;
	/** The queue of a slow peer is empty again. */
	drain?(peer: Peer<Data, P, Out>): MaybePromise<void>;
	/** The socket has ended. Called once, after `open` is done, and where they are `ordered` after every message. */
	close?(peer: Peer<Data, P, Out>, details: CloseDetails): MaybePromise<void>;
	/** Another hook threw. Without this hook the error goes to the log. */
	error?(peer: Peer<Data, P, Out>, error: unknown): MaybePromise<void>;
	/**
	 * Wait until `message` is done with one message, its listeners included, before it gets the next. What waits may take
	 * `maxBackpressure` bytes; a peer that sends more is closed with 1008. Default: false.
	 */
	ordered?: boolean;
	/**
	 * Validates what arrives, and types `message.value`: a Standard Schema, such as one of Valibot, Zod or ArkType. What it refuses
	 * calls `error` instead of `message`; the socket stays open.
	 */
	incoming?: StandardSchemaV1;
	/** Types what peers of this path are sent, and in dev validates it: a Standard Schema. */
	outgoing?: StandardSchemaV1;
	/**
	 * Seconds after which `handle` and `upgrade` run again for an open socket, with the request of its handshake: then again after
	 * each time. Refused in the ways of `upgrade` it is closed with 4401; else it stays, with the `data` and `locals` that it has.
	 * Errors other than refusals, and answers that take too long, leave it open until the next time. Default: never.
	 */
	reauthorize?: number;
	/**
	 * The subprotocols this path speaks, best first: the first that the client offers too is chosen. Or a function that
	 * chooses one of those that are offered, or none, once `upgrade` has let the client in; it refuses as `upgrade` does.
	 */
	protocols?: string[] | ProtocolChoice<P>['choose'];
}

/** A handler of which nothing is known but its shape. */
export type AnyHandler = WebSocketHandler<unknown, Record<string, ParamValue>>;
