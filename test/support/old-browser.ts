/**
 * What the oldest browsers lack that Vite builds for by default: Safari 16.4, Firefox 114 and Chrome 111 have all of it in
 * common but this. Names of properties, by what has them.
 */
export const missing: Record<string, readonly string[]> = {
	URL: ['canParse', 'parse'],
	AbortSignal: ['any'],
	Response: ['json'],
	Promise: ['withResolvers', 'try'],
	Symbol: ['dispose', 'asyncDispose'],
	Object: ['groupBy'],
	Map: ['groupBy'],
	Array: ['fromAsync'],
	Error: ['isError'],
	RegExp: ['escape'],
	ReadableStream: ['from'],
	'Array.prototype': ['toSorted', 'toReversed', 'toSpliced', 'with'],
	'String.prototype': ['isWellFormed', 'toWellFormed'],
	'Set.prototype': ['union', 'intersection', 'difference', 'isSubsetOf', 'isDisjointFrom'],
	'Uint8Array.prototype': ['toBase64', 'toHex'],
	'Headers.prototype': ['getSetCookie'],
	'Response.prototype': ['bytes'],
	'Blob.prototype': ['bytes'],
	globalThis: ['Iterator', 'WebSocketStream', 'Temporal', 'URLPattern', 'scheduler']
};

/** A script after which a newer browser lacks it as well. */
export const removal = Object.entries(missing)
	.flatMap(([owner, names]) =>
		names.map((name) => `if (typeof ${root(owner)} !== 'undefined') delete ${owner}.${name};`)
	)
	.join('\n');

function root(owner: string): string {
	return owner.split('.', 1)[0] ?? owner;
}
