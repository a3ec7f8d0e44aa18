import type { BunGlobals } from './runtime.ts';

/**
 * Stands before Bun's `Response`, and remembers which have all of their body at once: those can be handed to Bun as they
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
			construct: (target, args: ConstructorParameters<typeof Response>, newTarget) => {
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

	#look(response: Response, body: unknown): void {
		const length = lengthOf(body);
		if (length === undefined) return;
		this.#lengths.set(response, length);
		if (typeof body === 'string' && !response.headers.has('content-type'))
			response.headers.set('content-type', 'text/plain;charset=UTF-8');
	}
}

/** @returns undefined for a stream, and for what is rare */
function lengthOf(body: unknown): number | undefined {
	if (body === null || body === undefined) return 0;
	if (typeof body === 'string') return body.length;
	if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
	return undefined;
}
