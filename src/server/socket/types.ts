import type { CloseCause } from '../engine/engine.ts';

export type MaybePromise<T> = T | Promise<T>;

/** A param: a string, or what a matcher of `src/params` made of it. Kit's type of the same name. */
export type ParamValue = string | number | boolean | bigint;

/** Why a socket ended: RFC 6455, section 7.4. */
export interface CloseDetails {
	/** 1006 if the peer left without saying so. */
	code: number;
	reason: string;
	/**
	 * Why the server has ended the socket, if it was not the app: a message above `maxPayload` (`too_big`), a broken rule of
	 * the protocol, such as text that is no UTF-8 (`invalid`), silence for `idleTimeout` (`idle`), or messages that were lost
	 * where `closeOnBackpressureLimit` is set (`backpressure`).
	 */
	cause?: CloseCause;
}

/** The params that the brackets of a path name. */
export type ParamsOf<Path> =
	unknown extends ParamsIn<Path> ? Record<never, ParamValue> : ParamsIn<Path>;

/** Unknown where there are none, so that it adds nothing to others. */
type ParamsIn<Path> = Path extends `${string}[${infer Tail}` ? ParamsAfterBracket<Tail> : unknown;

/** `Tail` begins right after the first bracket. */
type ParamsAfterBracket<Tail> = Tail extends `[${infer Param}]]${infer Rest}`
	? { [Key in NameOf<Param>]?: ValueOf<Param> } & ParamsIn<Rest>
	: Tail extends `...${infer Param}]${infer Rest}`
		? { [Key in NameOf<Param>]: ValueOf<Param> } & ParamsIn<Rest>
		: Tail extends `${'x' | 'u'}+${string}]${infer Rest}`
			? ParamsIn<Rest>
			: Tail extends `${infer Param}]${infer Rest}`
				? { [Key in NameOf<Param>]: ValueOf<Param> } & ParamsIn<Rest>
				: unknown;

type NameOf<Param extends string> = Param extends `${infer Name}=${string}` ? Name : Param;

type ValueOf<Param extends string> = Param extends `${string}=${string}` ? ParamValue : string;
