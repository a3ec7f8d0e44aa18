import { markAsUncloneable } from 'node:worker_threads';
import { copyHeaders, findSymbols, forwarders, getters } from './inner.ts';

/** What a request is made of, once somebody asks for it. */
export interface RequestSource {
	/** As `Request` would say it. */
	readonly method: string;
	/** As `URL` writes it. */
	readonly url: string;
	readonly headers: Headers;
	readonly body: LazyBody | null;
	readonly signal: AbortSignal;
}

/** A body that is read in one of two ways, once. */
export interface LazyBody {
	stream(): ReadableStream<Uint8Array>;
	/** All of it. Absent where that has to be counted on the way. */
	bytes?(): Promise<Uint8Array>;
}

export type CreateRequest = (source: RequestSource) => Request;

/** Where a lazy request keeps what it is made of: a private field would hide it from a `Proxy`, which apps and libraries use. */
const kept = Symbol('source');

type Lazy = Request & { readonly [kept]: Kept };

/**
 * Requests that make no `Request` of Node before something asks for what they do not know by themselves. To everybody they are
 * one: what Node keeps of a request stands under symbols, behind which they have a real one made.
 * @returns undefined where this cannot be done: Node 24 keeps it in private fields, Bun elsewhere
 */
export function lazyRequests(Native: typeof Request): CreateRequest | undefined {
	const symbols = findSymbols(new Native('http://localhost'), 'state', 'signal', 'headers');
	if (symbols === undefined) return undefined;
	const prototype = Object.create(Native.prototype, {
		...forwarders<Lazy>(symbols.all, (lazy) => lazy[kept].real()),
		[symbols.named.signal]: { get: quick.signal },
		[symbols.named.headers]: { get: quick.headers },
		...getters(quick),
		...methodsOf(Native.prototype)
	}) as object;
	const create: CreateRequest = (source) => {
		const request = Object.create(prototype) as { [kept]: Kept };
		request[kept] = new Kept(source, Native);
		markAsUncloneable(request);
		return request as unknown as Request;
	};
	return passes(create, Native) ? create : undefined;
}

/** What a lazy request knows, and the real one once it was made. */
class Kept {
	readonly source: RequestSource;
	readonly #native: typeof Request;
	#real: Request | undefined;
	#isRead = false;

	constructor(source: RequestSource, native: typeof Request) {
		this.source = source;
		this.#native = native;
	}

	/** Take all of the body at once, if it can be had so. */
	takeBytes(): Promise<Uint8Array> | undefined {
		const { body } = this.source;
		if (this.#real !== undefined || this.#isRead || body?.bytes === undefined) return undefined;
		this.#isRead = true;
		return body.bytes();
	}

	get isRead(): boolean {
		return this.#real?.bodyUsed ?? this.#isRead;
	}

	/** The real request, whose headers are what those of the lazy one have become. */
	real(): Request {
		const real = (this.#real ??= this.#make());
		copyHeaders(this.source.headers, real.headers);
		return real;
	}

	#make(): Request {
		const { method, url, headers, body, signal } = this.source;
		const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' };
		if (body) init.body = this.#isRead ? emptyStream() : body.stream();
		const real = new this.#native(url, init);
		if (this.#isRead) void real.body?.getReader().read();
		return real;
	}
}

/** Nobody can read it a second time. */
function emptyStream(): ReadableStream<Uint8Array> {
	return new ReadableStream({ start: (controller) => controller.close() });
}

/** What a lazy request knows by itself. Everything else is that of the real one. */
const quick = {
	method(this: Lazy): string {
		return this[kept].source.method;
	},
	url(this: Lazy): string {
		return this[kept].source.url;
	},
	headers(this: Lazy): Headers {
		return this[kept].source.headers;
	},
	signal(this: Lazy): AbortSignal {
		return this[kept].source.signal;
	},
	bodyUsed(this: Lazy): boolean {
		return this[kept].isRead;
	}
};

/** What most apps call: to read a body without a stream in between, or to have a clone. */
function methodsOf(native: Request): PropertyDescriptorMap {
	const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
	// Called without a request, they say what those of Node say.
	const methods = {
		clone(this: Partial<Lazy> | undefined): Request {
			// A clone of the lazy one would follow no signal: Node knows those that it has made.
			return this?.[kept]?.real().clone() ?? native.clone.call(this as Request);
		},
		text(this: Partial<Lazy> | undefined): Promise<string> {
			return this?.[kept]?.takeBytes()?.then(decode) ?? native.text.call(this as Request);
		},
		json(this: Partial<Lazy> | undefined): Promise<unknown> {
			const bytes = this?.[kept]?.takeBytes();
			return (
				bytes?.then((all) => JSON.parse(decode(all)) as unknown) ??
				native.json.call(this as Request)
			);
		}
	};
	return Object.fromEntries(
		Object.entries(methods).map(([name, value]) => [
			name,
			{ value, enumerable: true, configurable: true, writable: true }
		])
	) as PropertyDescriptorMap;
}

/** Whether Node takes them for requests, whatever it does with them. */
function passes(create: CreateRequest, Native: typeof Request): boolean {
	const { signal } = new AbortController();
	const url = 'http://localhost/';
	const source = { method: 'DELETE', url, headers: new Headers({ a: '1' }), body: null, signal };
	const looksRight = (request: Request) =>
		request.method === 'DELETE' && request.url === url && request.headers.get('a') === '1';
	try {
		const request = create(source);
		return [request, new Native(request), request.clone()].every(looksRight);
	} catch {
		return false;
	}
}
