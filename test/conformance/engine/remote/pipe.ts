import { execFileSync } from 'node:child_process';
import {
	constants,
	openSync,
	readFileSync,
	readSync,
	rmSync,
	writeFileSync,
	writeSync
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** A message that is longer goes through a file, so that two ends that both write never fill what lies between them. */
const longest = 16 * 1024;

/** How often somebody who waits looks again, in milliseconds. */
const rest = 0.02;

/** Where two processes meet: a named pipe for each direction, and one to wake the one above, or the one below. */
export function createPipes(folder: string): void {
	const names = ['down', 'up', 'wake', 'rouse'];
	execFileSync(
		'mkfifo',
		names.map((name) => join(folder, name))
	);
}

/** Calls the listener at least once after each `rouse`. */
export function onRouse(folder: string, listener: () => void): void {
	const fd = openSync(join(folder, 'wake'), constants.O_RDWR | constants.O_NONBLOCK);
	new Socket({ fd, writable: false }).on('data', listener).unref();
}

/** @returns what becomes the standard input of the process below, which hears there that it is to wake up */
export function openRouse(folder: string): number {
	return openSync(join(folder, 'rouse'), constants.O_RDONLY | constants.O_NONBLOCK);
}

/**
 * Somebody who waits has no turn of the event loop in which a stream could write: this writes at once.
 * @returns a function that never waits for who is to be woken
 */
export function rouser(folder: string, name: 'wake' | 'rouse'): () => void {
	const fd = openSync(join(folder, name), constants.O_WRONLY | constants.O_NONBLOCK);
	return () => {
		try {
			writeSync(fd, '.');
		} catch (error) {
			// full: it was woken so often before
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
		}
	};
}

/** One end of the pipe: messages come in whole, and can be waited for without a turn of the event loop. */
export class PipeReader {
	readonly #fd: number;
	readonly #cell = new Int32Array(new SharedArrayBuffer(4));
	readonly #block = Buffer.alloc(64 * 1024);
	#received = Buffer.alloc(0);

	constructor(path: string) {
		this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	}

	/** The next message, if it is there. */
	poll(): string | undefined {
		return this.#shift() ?? (this.#fill() ? this.poll() : undefined);
	}

	/** The next message. @param patience milliseconds, after which this fails */
	wait(patience: number): string {
		const start = performance.now();
		for (;;) {
			const message = this.poll();
			if (message !== undefined) return message;
			if (performance.now() - start > patience) throw new Error('The other end does not answer');
			Atomics.wait(this.#cell, 0, 0, rest);
		}
	}

	#shift(): string | undefined {
		if (this.#received.byteLength < 4) return undefined;
		const length = this.#received.readUInt32LE();
		if (this.#received.byteLength < 4 + length) return undefined;
		const message = this.#received.toString('utf8', 4, 4 + length);
		this.#received = this.#received.subarray(4 + length);
		if (!message.startsWith('/')) return message;
		const long = readFileSync(message, 'utf8');
		rmSync(message);
		return long;
	}

	#fill(): boolean {
		try {
			const count = readSync(this.#fd, this.#block);
			if (count === 0) throw new Error('The other end is gone');
			this.#received = Buffer.concat([this.#received, this.#block.subarray(0, count)]);
			return true;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
			throw error;
		}
	}
}

export class PipeWriter {
	readonly #fd: number;
	readonly #path: string;
	#count = 0;

	/** Waits until somebody reads. */
	constructor(path: string) {
		this.#path = path;
		this.#fd = openSync(path, 'w');
	}

	write(message: string): void {
		const body = Buffer.from(message.length > longest ? this.#file(message) : message);
		const head = Buffer.alloc(4);
		head.writeUInt32LE(body.byteLength);
		writeSync(this.#fd, Buffer.concat([head, body]));
	}

	#file(message: string): string {
		this.#count += 1;
		const path = `${this.#path}-${this.#count}`;
		writeFileSync(path, message);
		return path;
	}
}
