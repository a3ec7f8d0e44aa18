import { open } from 'node:fs/promises';
import type { ByteSource, FileBody } from './engine.ts';

const chunkSize = 64 * 1024;

/**
 * A part of a file as a source. One buffer serves every read: a chunk is valid until the next one is asked for.
 * @throws the error of `open`
 */
export async function openFile({ path, start, length }: FileBody): Promise<ByteSource> {
	const handle = await open(path);
	const buffer = Buffer.allocUnsafe(Math.min(chunkSize, length));
	const end = start + length;
	let position = start;
	return {
		async read() {
			const wanted = Math.min(buffer.byteLength, end - position);
			const bytesRead =
				wanted === 0 ? 0 : (await handle.read(buffer, 0, wanted, position)).bytesRead;
			if (bytesRead === 0) return { done: true };
			position += bytesRead;
			return { done: false, value: buffer.subarray(0, bytesRead) };
		},
		cancel: () => handle.close()
	};
}
