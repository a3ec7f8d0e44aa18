import { markAsUncloneable } from 'node:worker_threads';

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

/** The request as undici has it, by the names that it gives its symbols. */
interface Inner {
	[name: symbol]: unknown;
}

/**
 * Requests that make no `Request` of Node before something asks for what they do not know by themselves. To everybody they are
 * one: what Node keeps of a request stands under symbols, behind which they have a real one made.
 * @returns undefined where this cannot be done: Node 24 keeps it in private fields, Bun elsewhere
 */
export function lazyRequests(Native: typeof Request): CreateRequest | undefined {
	const symbols = findSymbols(new Native('http://localhost'));
	if (symbols === undefined) return undefined;
	const prototype = Object.create(Native.prototype, {
		...quickMembers(Native.prototype),
		...forwarders(symbols)
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

function copyHeaders(from: Headers, to: Headers): void {
	const pairs = [...from];
	const before = [...to];
	const isSame = (pair: [string, string] | undefined, index: number) =>
		pair?.[0] === pairs[index]?.[0] && pair?.[1] === pairs[index]?.[1];
	if (before.length === pairs.length && before.every(isSame)) return;
	for (const [name] of before) to.delete(name);
	for (const [name, value] of pairs) to.append(name, value);
}

/** Where undici keeps what a request is. */
interface Symbols {
	readonly state: symbol;
	readonly signal: symbol;
	readonly headers: symbol;
	readonly others: readonly symbol[];
}

function findSymbols(request: Request): Symbols | undefined {
	const all = Object.getOwnPropertySymbols(request);
	const find = (name: string) => all.find(({ description }) => description === name);
	const [state, signal, headers] = [find('state'), find('signal'), find('headers')];
	if (!state || !signal || !headers) return undefined;
	const others = all.filter((each) => ![state, signal, headers].includes(each));
	return { state, signal, headers, others };
}

/** What undici looks for in a request that it is given. */
function forwarders({ state, signal, headers, others }: Symbols): PropertyDescriptorMap {
	const inner = (lazy: Lazy) => lazy[kept].real() as unknown as Inner;
	const forward = (symbol: symbol): PropertyDescriptor => ({
		get(this: Lazy) {
			return inner(this)[symbol];
		},
		set(this: Lazy, value: unknown) {
			inner(this)[symbol] = value;
		}
	});
	return {
		...Object.fromEntries([state, ...others].map((symbol) => [symbol, forward(symbol)])),
		[signal]: { get: quick.signal },
		[headers]: { get: quick.headers }
	};
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

function quickMembers(native: Request): PropertyDescriptorMap {
	const getters = Object.entries(quick).map(([name, get]) => [
		name,
		{ get, enumerable: true, configurable: true }
	]);
	const methods = Object.entries(methodsOf(native)).map(([name, value]) => [
		name,
		{ value, enumerable: true, configurable: true, writable: true }
	]);
	return Object.fromEntries([...getters, ...methods]) as PropertyDescriptorMap;
}

/** What most apps call: to read a body without a stream in between, or to have a clone. */
function methodsOf(native: Request) {
	const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
	return {
		// Called without a request, they say what those of Node say.
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
