import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Received } from './as-json.ts';
import type { UrlSource } from './core/types.ts';
import type { WebSocketOptions } from './create-connection.svelte.ts';
import type { ParamsOf, ParamsSource } from './params.ts';

/**
 * What the server of this app has, for the types of its paths:
 * `declare module 'svelte-adapter-ws/client' { interface Register { websocket: typeof import('./websocket').websocket } }`
 */
export interface Register {}

type Registered = Register extends { websocket: infer Websocket } ? Websocket : unknown;

/** The paths of the app's `src/websocket`, if they are known. */
export type Path = Extract<keyof Registered, `/${string}`>;

/** A path that is written down, and not any string of some shape. */
type IsPath<Url> = Url extends `//${string}`
	? false
	: Url extends `/${string}`
		? {} extends Record<Url, 1>
			? false
			: true
		: false;

/** Without its query. */
type Pathname<Url> = Url extends `${infer Before}?${string}` ? Before : Url;

/** What may become of a path of the app when its params are there. */
type Filled<P> = P extends `${infer Head}/[[${string}]]${infer Tail}`
	? `${Head}${'' | `/${string}`}${Filled<Tail>}`
	: P extends `${infer Head}/[...${string}]${infer Tail}`
		? `${Head}${'' | `/${string}`}${Filled<Tail>}`
		: P extends `${infer Head}[${string}]${infer Tail}`
			? `${Head}${string}${Filled<Tail>}`
			: P;

/** The path of the app on which a URL is: the one that it names, or else all that it could be of. */
type PathOf<Url> =
	Pathname<Url> extends infer Name
		? Name extends Path | `${string}[${string}`
			? Extract<Name, Path>
			: { [P in Path]: Name extends Filled<P> ? P : never }[Path]
		: never;

type IsUnion<T, Each = T> = [T] extends [never]
	? false
	: T extends unknown
		? [Each] extends [T]
			? false
			: true
		: never;

/** The handler of a URL, if it is certain. `Url` is never where somebody has said what arrives and what is sent. */
type HandlerAt<Url> =
	IsPath<Url> extends true
		? [Path] extends [never]
			? Registered
			: IsUnion<PathOf<Url>> extends false
				? Registered[PathOf<Url> & keyof Registered]
				: unknown
		: unknown;

/** What arrives at a URL. */
export type InAt<Url, In> = [Url] extends [never] ? In : Said<In, ReceivedOf<HandlerAt<Url>>>;

/** What is sent there. */
export type OutAt<Url, Out> = [Url] extends [never] ? Out : Said<Out, SentTo<HandlerAt<Url>>>;

/** What answers a request there. */
export type ReplyAt<Url> = [Url] extends [never] ? unknown : AnswerOf<HandlerAt<Url>>;

type Said<T, Known> = unknown extends Known ? T : unknown extends T ? Known : T;

type ReceivedOf<H> = H extends { outgoing: StandardSchemaV1<infer Sent, unknown> }
	? Received<Sent>
	: unknown;

type SentTo<H> = H extends { incoming: StandardSchemaV1<infer Sent, unknown> } ? Sent : unknown;

type AnswerOf<H> = H extends { message: (...args: never) => infer Reply }
	? [Awaited<Reply>] extends [void]
		? undefined
		: Received<Awaited<Reply>>
	: unknown;

/** The URL itself, or the paths that there are where it is none of them. */
export type Place<Url> = [Url] extends [never]
	? UrlSource
	: [Path] extends [never]
		? Url
		: IsPath<Url> extends true
			? [PathOf<Url>] extends [never]
				? { [P in Path]: P }[Path]
				: Url
			: Url;

/** The same where there are no options, and so no params. */
export type PlaceAlone<Url> = [RequiredParam<Url>] extends [never]
	? Place<Url>
	: `Give it { params: { ${RequiredParam<Url>} } }`;

type RequiredParam<Url> = [Url] extends [never]
	? never
	: RequiredKey<ParamsOf<Extract<Pathname<Url>, Path>>> & string;

type RequiredKey<P> = { [Key in keyof P]-?: {} extends Pick<P, Key> ? never : Key }[keyof P];

interface WithParams<In, P> extends Omit<WebSocketOptions<In>, 'params'> {
	/** What stands in the brackets of the path. A function, or a getter, is watched. */
	params: ParamsSource<P>;
}

/** Options for a URL. */
export type OptionsAt<Url, In> = [Extract<Pathname<Url>, Path>] extends [never]
	? WebSocketOptions<In> | undefined
	: [RequiredParam<Url>] extends [never]
		? Partial<WithParams<In, ParamsOf<Pathname<Url>>>> | undefined
		: WithParams<In, ParamsOf<Pathname<Url>>>;
