import type { RequestEvent } from '@sveltejs/kit';
import type { Message } from './message.ts';
import type { Peer } from './peer.ts';

export type MaybePromise<T> = T | Promise<T>;

/** A param: a string, or what a matcher of `src/params` made of it. Kit's type of the same name. */
export type ParamValue = string | number | boolean | bigint;

/** What `upgrade` gets: the event of the request, as in `handle`, with the params of the socket's path. */
export interface UpgradeEvent<P = Record<string, string>> extends Omit<RequestEvent, 'params'> {
	params: P;
	/** The subprotocols the client offers, in its order. */
	protocols: string[];
}

/** Why a socket ended: RFC 6455, section 7.4. */
export interface CloseDetails {
	/** 1006 if the peer left without saying so. */
	code: number;
	reason: string;
}

/** The hooks of a path. A hook that throws or rejects calls `error`; it never ends the process or another socket. */
export interface WebSocketHandler<Data = undefined, P = Record<string, string>> {
	/**
	 * Runs inside Kit's `handle`: `event.locals` and cookies are there. What it returns becomes `peer.data`.
	 * Refuse with `error(status)`, `redirect(status, to)` or by returning a `Response`: the client gets that answer.
	 */
	upgrade?(event: UpgradeEvent<P>): MaybePromise<Data | Response>;
	/** The socket is open. Messages that arrive early wait until this is done. */
	open?(peer: Peer<Data, P>): MaybePromise<void>;
	/** Called in the order of arrival, without waiting until an earlier call is done. */
	message?(peer: Peer<Data, P>, message: Message): MaybePromise<void>;
	/** The queue of a slow peer is empty again. */
	drain?(peer: Peer<Data, P>): MaybePromise<void>;
	/** The socket has ended. Called once, after `open` is done. */
	close?(peer: Peer<Data, P>, details: CloseDetails): MaybePromise<void>;
	/** Another hook threw. Without this hook the error goes to the log. */
	error?(peer: Peer<Data, P>, error: unknown): MaybePromise<void>;
	/** The subprotocols this path speaks, best first. The first that the client offers too is chosen. */
	protocols?: string[];
}

/** The params that the brackets of a path name. */
export type ParamsOf<Path> = Path extends `${string}[${infer Tail}` ? ParamsOfTail<Tail> : unknown;

/** `Tail` begins right after the first bracket. */
type ParamsOfTail<Tail> = Tail extends `[${infer Param}]]${infer Rest}`
	? { [Key in NameOf<Param>]?: ValueOf<Param> } & ParamsOf<Rest>
	: Tail extends `...${infer Param}]${infer Rest}`
		? { [Key in NameOf<Param>]: ValueOf<Param> } & ParamsOf<Rest>
		: Tail extends `${'x' | 'u'}+${string}]${infer Rest}`
			? ParamsOf<Rest>
			: Tail extends `${infer Param}]${infer Rest}`
				? { [Key in NameOf<Param>]: ValueOf<Param> } & ParamsOf<Rest>
				: unknown;

type NameOf<Param extends string> = Param extends `${infer Name}=${string}` ? Name : Param;

type ValueOf<Param extends string> = Param extends `${string}=${string}` ? ParamValue : string;
