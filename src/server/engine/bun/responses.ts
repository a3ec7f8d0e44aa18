import { findBun, type BunGlobals } from './runtime.ts';

/** What an app makes on Bun says the same of itself on every engine. Nothing on Node. */
export function watchResponses(): Responses | undefined {
	return findBun() && new Responses(global);
}

/** https://fetch.spec.whatwg.org/#null-body-status */
const empty = new Set([101, 204, 205, 304]);

/**
 * Stands before Bun's `Response`, makes it as strict as the standard wants it, and remembers which have all of their body at once: those can be handed to Bun as they
 * are. Bun tells them from streams, and shows nobody the difference. Of a text it also says only on the wire that it is one.
 */
export class Responses {
	readonly #globals: BunGlobals;
	readonly #original: typeof Response;
	readonly #watched: typeof Response;
	/** Those that have all of their body at once, and about how long it is. */
	readonly #lengths = new WeakMap<Response, number>();

	constructor(globals: BunGlobals) {
		this.#globals = globals;
		this.#original = globals.Response;
		this.#watched = new Proxy(this.#original, {
			get: (target, key, receiver) =>
				key === 'json' ? this.#json : (Reflect.get(target, key, receiver) as unknown),
			construct: (target, args: ConstructorParameters<typeof Response>, newTarget) => {
				if (hasContent(args[0]) && empty.has(args[1]?.status ?? 200)) throw notEmpty(args[1]);
				const isOwn = newTarget === this.#watched;
				const response = Reflect.construct(target, args, isOwn ? target : newTarget) as Response;
				this.#look(response, args[0]);
				return response;
			}
		});
		globals.Response = this.#watched;
	}

	/** @returns about how long the body is, if all of it was there when the response was made, and nobody has read it since */
	lengthOf(response: Response): number | undefined {
		return response.bodyUsed ? undefined : this.#lengths.get(response);
	}

	/** Take it away again, unless somebody else stands before it by now. */
	restore(): void {
		if (this.#globals.Response === this.#watched) this.#globals.Response = this.#original;
	}

	/** Bun's own names a charset, of which JSON has no choice. */
	readonly #json = (data: unknown, init: ResponseInit = {}): Response => {
		const body: string | undefined = JSON.stringify(data);
		if (body === undefined) throw new TypeError('Value is not JSON serializable');
		const headers = new Headers(init.headers);
		if (!headers.has('content-type')) headers.set('content-type', 'application/json');
		return new this.#watched(body, { ...init, headers });
	};

	#look(response: Response, body: unknown): void {
		const length = lengthOf(body);
		if (length === undefined) return;
		this.#lengths.set(response, length);
		if (typeof body === 'string' && !response.headers.has('content-type'))
			response.headers.set('content-type', 'text/plain;charset=UTF-8');
	}
}

function hasContent(body: unknown): boolean {
	return body !== null && body !== undefined;
}

function notEmpty(init: ResponseInit | undefined): TypeError {
	return new TypeError(`A response with status ${init?.status} cannot have a body`);
}

/** @returns undefined for a stream, and for what is rare */
function lengthOf(body: unknown): number | undefined {
	if (body === null || body === undefined) return 0;
	if (typeof body === 'string') return body.length;
	if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
	return undefined;
}
