import type { ByteSource, ResponseBody, ResponseHead } from '../engine/engine.ts';

const lockedBody =
	'Fatal error: Response body is locked. ' +
	"This can happen when the response was already read (for example through 'response.json()' or 'response.text()').";

/** The status and the headers that an engine sends for a `Response` of the app. */
export function headOf(response: Response): ResponseHead {
	return { status: response.status, headers: [...response.headers] };
}

/** The body that an engine sends for it. */
export async function bodyOf(response: Response): Promise<ResponseBody> {
	if (response.body === null) return null;
	if (response.body.locked) return Buffer.from(lockedBody);
	return settle(response.body.getReader());
}

/**
 * A body that was made from a string, a buffer or a blob gives all it has before the next macrotask: it is sent with its
 * length. A real stream leaves a read open and is sent chunk by chunk.
 */
async function settle(
	reader: ReadableStreamDefaultReader<unknown>
): Promise<Uint8Array | ByteSource> {
	const first = track(readBytes(reader));
	await first.settled;
	if (first.result?.done) return new Uint8Array(0);
	const second = first.result && track(readBytes(reader));
	await second?.settled;
	if (first.result && second?.result?.done) return first.result.value;
	return replay(reader, second ? [first, second] : [first]);
}

type ReadResult = Awaited<ReturnType<ByteSource['read']>>;

/**
 * A stream that the app made itself may give text, which `node:http` sends too.
 * @throws {TypeError} for a chunk of anything else, as `node:http`
 */
async function readBytes(reader: ReadableStreamDefaultReader<unknown>): Promise<ReadResult> {
	const { done, value } = await reader.read();
	if (done) return { done };
	if (value instanceof Uint8Array) return { done, value };
	if (typeof value === 'string') return { done, value: Buffer.from(value) };
	throw new TypeError(`A response's stream gave neither bytes nor text but ${typeof value}`);
}

interface TrackedRead {
	promise: Promise<ReadResult>;
	/** The read is done, or a macrotask has passed. */
	settled: Promise<unknown>;
	/** What was read, once it was. */
	result?: ReadResult;
}

function track(promise: Promise<ReadResult>): TrackedRead {
	const read: TrackedRead = { promise, settled: Promise.resolve() };
	const done = promise.then(
		(result) => {
			read.result = result;
		},
		() => {}
	);
	read.settled = Promise.race([done, new Promise((resolve) => setImmediate(resolve))]);
	return read;
}

/** A source that first gives what was read from `reader` already. */
function replay(reader: ReadableStreamDefaultReader<unknown>, reads: TrackedRead[]): ByteSource {
	return {
		read: () => reads.shift()?.promise ?? readBytes(reader),
		cancel: (reason) => reader.cancel(reason)
	};
}
