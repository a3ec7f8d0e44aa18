import type { ByteSource, ResponseBody } from '../../../src/server/engine/engine.ts';

/** A stream of these chunks, which then ends. */
export function streamOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
	return new ReadableStream({
		start(controller) {
			for (const chunk of chunks) controller.enqueue(bytes(chunk));
			controller.close();
		}
	});
}

export function bytes(chunk: string | Uint8Array): Uint8Array {
	return typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
}

export function text(chunk: Uint8Array | string | undefined): string {
	return typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
}

/** The body as a source, or an error that says what it is instead. */
export function sourceOf(body: ResponseBody): ByteSource {
	if (typeof body !== 'object' || body === null || !('read' in body))
		throw new Error('The body is no source');
	return body;
}

/** All bytes of a stream. */
export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Whether a body is there at once. */
export function isWhole(body: ResponseBody | undefined): body is Uint8Array | string {
	return typeof body === 'string' || body instanceof Uint8Array;
}
