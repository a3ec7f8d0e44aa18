import { open } from 'node:fs/promises';
import type { ByteSource, FileBody } from './engine.ts';

const chunkSize = 64 * 1024;

/**
 * A part of a file as a source.
 * @throws the error of `open`
 */
export async function openFile({ path, start, length }: FileBody): Promise<ByteSource> {
	const handle = await open(path);
	const end = start + length;
	let position = start;
	return {
		async read() {
			if (position === end) return { done: true };
			// A buffer of its own: middleware of somebody else's server may keep it.
			const buffer = Buffer.allocUnsafe(Math.min(chunkSize, end - position));
			const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, position);
			if (bytesRead === 0) return { done: true };
			position += bytesRead;
			return { done: false, value: buffer.subarray(0, bytesRead) };
		},
		cancel: () => handle.close()
	};
}
