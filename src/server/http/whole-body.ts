import { types } from 'node:util';

/** A body that is there at once. */
export type WholeBody = string | Uint8Array;

/** What undici keeps of a response, as far as it matters here. */
interface State {
	body: { source: unknown; stream: ReadableStream; length: number | null } | null;
}

/**
 * Finds what a response was made of, where that was a text or bytes: it is there at once, and need not be read back through the
 * stream that undici makes of it. Node 22 keeps it under a symbol, Node 24 in a private field, where nothing is found.
 */
export class WholeBodies {
	readonly #prototype: object;
	readonly #state: symbol | undefined;

	/** @param Native the class of the responses that are looked into */
	constructor(Native: typeof Response) {
		this.#prototype = Native.prototype as object;
		this.#state = findState(Native);
	}

	/** @returns undefined for a response that has to be read */
	find(response: Response): WholeBody | undefined {
		const state =
			this.#state && isPlain(response, this.#prototype) ? stateOf(response, this.#state) : null;
		const body = state?.body;
		if (!body || response.bodyUsed || body.stream.locked) return undefined;
		if (typeof body.source === 'string') return body.source;
		return body.source instanceof Uint8Array ? copy(body.source, body.length) : undefined;
	}
}

/** What stands before a response, or was made of its class, may have another body to show. */
export function isPlain(response: Response, prototype: object): boolean {
	return (
		Object.getPrototypeOf(response) === prototype &&
		!Object.hasOwn(response, 'body') &&
		!types.isProxy(response)
	);
}

/** A clone of the response has the same bytes, and they are gone as soon as somebody reads it. */
function copy(bytes: Uint8Array, length: number | null): Uint8Array | undefined {
	return bytes.byteLength === length ? new Uint8Array(bytes) : undefined;
}

function findState(Native: typeof Response): symbol | undefined {
	try {
		const response = new Native('x');
		const symbols = Object.getOwnPropertySymbols(response);
		return symbols.find((symbol) => stateOf(response, symbol)?.body?.source === 'x');
	} catch {
		return undefined;
	}
}

function stateOf(response: Response, symbol: symbol): State | undefined {
	return (response as unknown as Record<symbol, State | undefined>)[symbol];
}
