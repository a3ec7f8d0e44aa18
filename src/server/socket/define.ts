import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { UpgradeEvent, WebSocketHandler } from './handler.ts';
import type { Message } from './message.ts';
import type { Peer } from './peer.ts';
import type { CloseDetails, MaybePromise, ParamsOf } from './types.ts';

declare const defined: unique symbol;

/** What `defineWebSocket` returns, whatever it was given. */
export interface DefinedWebSocket {
	readonly [defined]: true;
}

type Path = `/${string}`;
type HookName = keyof WebSocketHandler;
/** The params of one handler for every path. */
type AnyParams = Record<string, string>;

/** Where nothing is known of it any result will do: else TypeScript would blame `upgrade` for what is wrong elsewhere. */
type UpgradeResult<Data> = [Data] extends [void] ? void : MaybePromise<Data | Response | false>;

/** A conditional type, in which TypeScript goes first by what `upgrade` returns, then by what a hook says of its peer. */
type PeerData<Data> = 0 extends 1 & Data ? Data : [Data] extends [void] ? undefined : Data;

interface Handler<Data, P, S, Reply = unknown> extends Omit<
	WebSocketHandler<PeerData<Data>, P, Value<S>, Out<S>>,
	'upgrade' | 'message'
> {
	upgrade?(event: UpgradeEvent<P>): UpgradeResult<Data>;
	message?(peer: Peer<PeerData<Data>, P, Out<S>>, message: Message<Value<S>>): Reply;
}

/** What `message.value` is where a handler has these schemas. */
type Value<S> = S extends { incoming: StandardSchemaV1<unknown, infer Result> } ? Result : unknown;

/** What its peers may be sent. */
type Out<S> = S extends { outgoing: StandardSchemaV1<infer Sent, unknown> } ? Sent : unknown;

/** A path of a map in which another one has an `upgrade`, or of which a hook expects data. */
interface SharedUpgrade<Data, P> {
	upgrade(event: UpgradeEvent<P>): UpgradeResult<Data>;
}

type NeedsUpgrade<Data, P> = [undefined] extends [Data] ? unknown : SharedUpgrade<Data, P>;

/** A handler, or what a `defineWebSocket` of its own has returned, in whose data TypeScript then sees none of this map. */
type PathHandler<Data, P, S> =
	(Handler<Data, P, S> & NeedsUpgrade<Data, P>) | Defined<unknown, unknown>;

/**
 * A map from paths to handlers, or one handler for every path. It is one type, since of two TypeScript would blame the last
 * one, and no intersection, of which TypeScript before 5.7 does not know what the parameters of a hook are.
 */
type Definition<Data, Key extends string, S, Reply> = {
	[K in Key]: K extends Path
		? PathHandler<Data, ParamsOf<K>, K extends keyof S ? S[K] : unknown>
		: K extends HookName
			? Handler<Data, AnyParams, S, Reply>[K] & Beside<Key, Data>
			: never;
};

/** With a key that is neither a path nor a hook, `Key` is all that there are, and nothing is beside anything. */
type Beside<Key extends string, Data> = [Path] extends [Key]
	? unknown
	: [Extract<Key, Path>] extends [never]
		? ['upgrade'] extends [Key]
			? unknown
			: [undefined] extends [Data]
				? unknown
				: 'Without upgrade there is no data'
		: 'A map of paths has no hooks of its own';

/** What is in a union with it decides whether something is right; from `T` TypeScript finds out what it was given. */
type OnlyInfer<T> = T & { only: 'to' } & { only: 'infer' };

type Given<T> = { [K in keyof T]: { [H in keyof T[K]]: T[K][H] } };

type ReplyOf<T> = T extends { message: (...args: never) => infer Result } ? Result : unknown;

/** A handler as a test calls it: with the parts of a peer or an event that its hooks use. */
interface Hooks<Data, P, T, Reply> {
	upgrade(event: Partial<UpgradeEvent<P>>): MaybePromise<Data | Response | false>;
	open(peer: Partial<Peer<Data, P, Out<T>>>): MaybePromise<void>;
	message(peer: Partial<Peer<Data, P, Out<T>>>, message: Partial<Message<Value<T>>>): Reply;
	drain(peer: Partial<Peer<Data, P, Out<T>>>): MaybePromise<void>;
	close(peer: Partial<Peer<Data, P, Out<T>>>, details: CloseDetails): MaybePromise<void>;
	error(peer: Partial<Peer<Data, P, Out<T>>>, error: unknown): MaybePromise<void>;
	ordered: boolean;
	reauthorize: number;
	protocols: NonNullable<WebSocketHandler<Data, P>['protocols']>;
}

type HooksOf<T, Data, P, Reply> = {
	readonly [H in keyof T]: H extends keyof Hooks<Data, P, T, Reply>
		? Hooks<Data, P, T, Reply>[H]
		: T[H];
};

/** Without the symbol, which declarations of an app could not name. */
type Named<T> = { readonly [K in keyof T as Exclude<K, symbol>]: T[K] };

type Defined<T, Data, Reply = unknown> = DefinedWebSocket &
	(keyof T extends HookName
		? HooksOf<T, Data, AnyParams, Reply>
		: {
				readonly [K in keyof T]: T[K] extends DefinedWebSocket
					? DefinedWebSocket & Named<T[K]>
					: HooksOf<T[K], Data, ParamsOf<K>, ReplyOf<T[K]>>;
			});

/**
 * Type the `websocket` export of `src/websocket`: one handler for every path, or a map from paths in Kit's route syntax
 * to handlers. `peer.data` gets the type that `upgrade` returns, `peer.params` the names in the path's brackets.
 *
 * The handlers of one map share the type of `peer.data`. Where one differs, give it a `defineWebSocket` of its own:
 * `{ '/chat/[room]': { upgrade, open }, '/ticks': defineWebSocket({ open }) }`.
 *
 * It changes nothing at run time. A test may call the hooks of what it returns, `websocket['/ticks'].open(peer)`, with
 * those parts of a peer that they use.
 * @param none makes it an error to give it a function
 */
export function defineWebSocket<
	T,
	Key extends Path | HookName,
	Data = void,
	S = unknown,
	Reply = unknown,
	Args extends unknown[] = never
>(
	websocket:
		| Definition<Data, Key, S, Reply>
		| OnlyInfer<Given<T>>
		| OnlyInfer<Given<S>>
		| OnlyInfer<Handler<Data, AnyParams, S, Reply>>
		| OnlyInfer<(...args: Args) => unknown>,
	...none: [Args] extends [never] ? [] : ['A function is no handler']
): Defined<T, PeerData<Data>, Reply>;
export function defineWebSocket(websocket: object): object {
	return websocket;
}
