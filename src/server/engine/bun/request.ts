import type { Exchange } from '../engine.ts';

/** Bun's own request without a body, for the URL that it was made to. */
export function nativeRequest(
	url: string,
	{ method, headers }: Request,
	exchange: Pick<Exchange, 'onAbort'>
): Request {
	// That of Bun knows when the client leaves, but not when the server lets go of it.
	const controller = new AbortController();
	exchange.onAbort((reason) => controller.abort(reason));
	// Beside the request itself Bun would not look at the URL.
	return new Request(url, { method, headers, signal: controller.signal });
}
