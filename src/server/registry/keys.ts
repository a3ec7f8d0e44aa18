import { randomBytes } from 'node:crypto';
import type { AnyHandler } from '../socket/handler.ts';

/** Milliseconds, for Node's timers: some 24 days. */
const longest = 2 ** 31 - 1;

interface Entry {
	handler: AnyHandler;
	timer: NodeJS.Timeout;
}

/** Handlers that whoever knows a key may reach, once. */
export class OneTimeKeys {
	readonly #process: string;
	readonly #entries = new Map<string, Entry>();

	/** @param process begins every key, so that whoever is shown one knows who has made it: 12 hexadecimal digits */
	constructor(process: string) {
		this.#process = process;
	}

	/** How many wait to be used. */
	get size(): number {
		return this.#entries.size;
	}

	/**
	 * @param ttl milliseconds until the key expires
	 * @returns the process, and 256 random bits in base64url
	 */
	add(handler: AnyHandler, ttl: number): string {
		const key = this.#process + randomBytes(32).toString('base64url');
		const timer = setTimeout(() => this.#entries.delete(key), Math.min(ttl, longest)).unref();
		this.#entries.set(key, { handler, timer });
		return key;
	}

	/** The handler of a key, which stays valid. */
	peek(key: string): AnyHandler | undefined {
		return this.#entries.get(key)?.handler;
	}

	/** The handler of a key, for the first who asks. */
	take(key: string): AnyHandler | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		clearTimeout(entry.timer);
		this.#entries.delete(key);
		return entry.handler;
	}

	clear(): void {
		for (const key of [...this.#entries.keys()]) this.take(key);
	}
}
