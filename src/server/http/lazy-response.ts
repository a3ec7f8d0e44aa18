import { markAsUncloneable } from 'node:worker_threads';
import { copyHeaders, findSymbols, forwarders, getters, type InnerSymbols } from './inner.ts';
import { isPlain, type WholeBody } from './whole-body.ts';

/** Where an app finds the class. */
export interface ResponseGlobals {
	Response: typeof Response;
}

/** A response that was made of what is there at once. */
interface ResponseSource {
	readonly body: WholeBody | null;
	readonly status: number;
	readonly headers: Headers;
}

/** Where a lazy response keeps what it is made of: a private field would hide it from a `Proxy`. */
const kept = Symbol('source');

type Lazy = Response & { readonly [kept]: Kept };

/** https://fetch.spec.whatwg.org/#null-body-status */
const empty = new Set([101, 204, 205, 304]);

/**
 * Stands before Node's `Response`. A response that an app makes of a text or of bytes becomes a real one when something asks for
 * what it does not know by itself; all others are real from the start.
 */
export class LazyResponses {
	readonly #native: typeof Response;
	readonly #class: typeof Response;
	readonly #prototype: object;
	/** Whoever gives a response another prototype takes these along. */
	readonly #own: PropertyDescriptorMap;

	private constructor(native: typeof Response, symbols: InnerSymbols<'headers'>) {
		this.#native = native;
		this.#class = new Proxy(native, {
			construct: (_target, args: ConstructorParameters<typeof Response>, newTarget) =>
				this.#construct(args, newTarget)
		});
		this.#prototype = Object.create(native.prototype, getters(quick)) as object;
		this.#own = {
			...forwarders<Lazy>(symbols.all, (lazy) => lazy[kept].real()),
			[symbols.named.headers]: { get: quick.headers }
		};
	}

	/** @returns undefined where Node does not keep responses under symbols, or does not take these for its own */
	static stand(globals: ResponseGlobals): LazyResponses | undefined {
		const native = globals.Response;
		const symbols = findSymbols(new native(), 'state', 'headers');
		// One more is that of another build of this package, which stands before them already.
		if (symbols === undefined || symbols.all.length > 2) return undefined;
		const responses = new LazyResponses(native, symbols);
		if (!responses.#pass()) return undefined;
		globals.Response = responses.#class;
		return responses;
	}

	/** @returns what a response was made of, null for nothing, where it is a lazy one and nobody has asked it for more */
	find(response: Response): WholeBody | null | undefined {
		if (!isPlain(response, this.#prototype)) return undefined;
		const { source, isReal } = (response as Lazy)[kept];
		return isReal ? undefined : source.body;
	}

	#construct(args: ConstructorParameters<typeof Response>, newTarget: unknown): Response {
		const isOwn = newTarget === this.#class;
		const source = isOwn ? toSource(args[0], args[1]) : undefined;
		if (source === undefined) {
			const target = isOwn ? this.#native : (newTarget as typeof Response);
			return Reflect.construct(this.#native, args, target) as Response;
		}
		const response = Object.create(this.#prototype, this.#own) as { [kept]: Kept };
		response[kept] = new Kept(source, this.#native);
		markAsUncloneable(response);
		return response as unknown as Response;
	}

	/** Whether Node takes them for responses, whatever it does with them. */
	#pass(): boolean {
		const looksRight = (response: Response) =>
			response.status === 201 && response.headers.get('a') === '1';
		try {
			const response = new this.#class('x', { status: 201, headers: { a: '1' } });
			const copy = response.clone();
			return [response, copy].every(looksRight) && response.body !== null;
		} catch {
			return false;
		}
	}
}

/** What a lazy response knows, and the real one once it was made. */
class Kept {
	readonly source: ResponseSource;
	readonly #native: typeof Response;
	#real: Response | undefined;

	constructor(source: ResponseSource, native: typeof Response) {
		this.source = source;
		this.#native = native;
	}

	get isReal(): boolean {
		return this.#real !== undefined;
	}

	get isRead(): boolean {
		return this.#real?.bodyUsed ?? false;
	}

	/** The real response, whose headers are what those of the lazy one have become. */
	real(): Response {
		const { body, status, headers } = this.source;
		const init = body as string | Uint8Array<ArrayBuffer> | null;
		const real = (this.#real ??= new this.#native(init, { status, headers }));
		copyHeaders(headers, real.headers);
		return real;
	}
}

/** What a lazy response knows by itself. Everything else is that of the real one. */
const quick = {
	status(this: Lazy): number {
		return this[kept].source.status;
	},
	statusText(): string {
		return '';
	},
	ok(this: Lazy): boolean {
		const { status } = this[kept].source;
		return status >= 200 && status <= 299;
	},
	headers(this: Lazy): Headers {
		return this[kept].source.headers;
	},
	bodyUsed(this: Lazy): boolean {
		return this[kept].isRead;
	}
};

/** @returns undefined for what is better left to Node: what it would refuse, and what is rare */
function toSource(body: unknown, init: ResponseInit | null = {}): ResponseSource | undefined {
	const whole = toWhole(body);
	if (whole === undefined || init === null || typeof init !== 'object') return undefined;
	const { status = 200, statusText = '', headers: given } = init;
	const isUsual = Number.isInteger(status) && status >= 200 && status <= 599 && statusText === '';
	if (!isUsual || (whole !== null && empty.has(status))) return undefined;
	const headers = toHeaders(given);
	if (headers && typeof whole === 'string' && !headers.has('content-type'))
		headers.set('content-type', 'text/plain;charset=UTF-8');
	return headers && { body: whole, status, headers };
}

function toHeaders(given: ResponseInit['headers']): Headers | undefined {
	try {
		return new Headers(given);
	} catch {
		return undefined;
	}
}

/** Bytes are copied, as Node copies them. */
function toWhole(body: unknown): WholeBody | null | undefined {
	if (body === undefined || body === null) return null;
	if (typeof body === 'string') return body.toWellFormed();
	const isBytes = body instanceof Uint8Array && body.buffer instanceof ArrayBuffer;
	return isBytes && !body.buffer.resizable ? new Uint8Array(body) : undefined;
}
