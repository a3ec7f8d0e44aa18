/**
 * What undici keeps of a request or a response, where that is under symbols: Node 22 does so, Node 24 keeps it in private
 * fields, and Bun elsewhere.
 */
export interface Inner {
	[symbol: symbol]: unknown;
}

/** The symbols of an object, and some of them by the names that undici gives them. */
export interface InnerSymbols<Name extends string> {
	readonly all: readonly symbol[];
	readonly named: Readonly<Record<Name, symbol>>;
}

/** @returns undefined where one of these is missing */
export function findSymbols<Name extends string>(
	object: object,
	...names: Name[]
): InnerSymbols<Name> | undefined {
	const all = Object.getOwnPropertySymbols(object);
	const found = names.map((name) => [name, all.find((each) => each.description === name)]);
	if (found.some(([, symbol]) => symbol === undefined)) return undefined;
	return { all, named: Object.fromEntries(found) as Record<Name, symbol> };
}

/** Properties behind which there is what a real object has. */
export function forwarders<Lazy>(
	symbols: readonly symbol[],
	real: (lazy: Lazy) => object
): PropertyDescriptorMap {
	const forward = (symbol: symbol): PropertyDescriptor => ({
		get(this: Lazy) {
			return (real(this) as Inner)[symbol];
		},
		set(this: Lazy, value: unknown) {
			(real(this) as Inner)[symbol] = value;
		}
	});
	return Object.fromEntries(symbols.map((symbol) => [symbol, forward(symbol)]));
}

/** Getters as those of a class of the platform are. */
export function getters(
	functions: Record<string, (this: never) => unknown>
): PropertyDescriptorMap {
	return Object.fromEntries(
		Object.entries(functions).map(([name, get]) => [
			name,
			{ get, enumerable: true, configurable: true }
		])
	) as PropertyDescriptorMap;
}

/** Make one list of headers equal to another. */
export function copyHeaders(from: Headers, to: Headers): void {
	const pairs = [...from];
	const before = [...to];
	const isSame = (pair: [string, string] | undefined, index: number) =>
		pair?.[0] === pairs[index]?.[0] && pair?.[1] === pairs[index]?.[1];
	if (before.length === pairs.length && before.every(isSame)) return;
	for (const [name] of before) to.delete(name);
	for (const [name, value] of pairs) to.append(name, value);
}
