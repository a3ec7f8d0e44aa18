/** What a param may be: it becomes text. */
export type ParamValue = string | number | boolean | bigint;

export type Params = Readonly<Record<string, ParamValue | undefined>>;

/** The params of a path. A function is asked before every attempt; `null` and `undefined` are nothing to connect to now. */
export type ParamsSource<P = Params> = P | (() => P | null | undefined);

/** What the brackets of a path in Kit's route syntax take. */
export type ParamsOf<Path> = [keyof Named<Path>] extends [never]
	? Record<string, never>
	: Named<Path> extends infer Names
		? { [Key in keyof Names]: Names[Key] }
		: never;

type Named<Path> = Path extends `${string}[${infer Tail}` ? AfterBracket<Tail> : {};

/** `Tail` begins right after the first bracket. */
type AfterBracket<Tail> = Tail extends `[${infer Param}]]${infer Rest}`
	? { [Key in NameOf<Param>]?: ParamValue | undefined } & Named<Rest>
	: Tail extends `${'x' | 'u'}+${string}]${infer Rest}`
		? Named<Rest>
		: Tail extends `${infer Param}]${infer Rest}`
			? { [Key in NameOf<Param>]: ParamValue } & Named<Rest>
			: {};

type NameOf<Param> = Param extends `...${infer Name}`
	? NameOf<Name>
	: Param extends `${infer Name}=${string}`
		? Name
		: Param & string;
