import { readFile } from 'node:fs/promises';
import type { FileBody } from '../engine/engine.ts';

/** Bytes of one file above which it is always read from disk. */
const maxFile = 512 * 1024;

/** Bytes of one file above which it leaves room for others: they may take a half. */
const small = 64 * 1024;

/** Bytes of all files that are kept. */
const maxTotal = 32 * 1024 * 1024;

/**
 * Files in memory, from their second request on, as long as there is room: what is not asked for costs nothing. A
 * build does not change while it runs, so nothing is ever looked up again.
 */
export class FileMemory {
	readonly #files = new Map<string, Uint8Array>();
	readonly #loading = new Set<string>();
	#total = 0;

	/** @returns the bytes that are asked for, or undefined if they have to come from disk this time */
	get(body: FileBody, size: number): Uint8Array | undefined {
		const file = this.#files.get(body.path);
		if (file) return file.subarray(body.start, body.start + body.length);
		if (this.#hasRoom(size)) void this.#load(body.path, size);
		return undefined;
	}

	#hasRoom(size: number): boolean {
		return size <= maxFile && this.#total + size <= (size <= small ? maxTotal : maxTotal / 2);
	}

	async #load(path: string, size: number): Promise<void> {
		if (this.#loading.has(path)) return;
		this.#loading.add(path);
		this.#total += size;
		try {
			this.#files.set(path, await readFile(path));
		} catch {
			// Whoever asks gets the error from the disk.
			this.#total -= size;
		}
		this.#loading.delete(path);
	}
}
