import { randomBytes } from 'node:crypto';
import type { Processes } from '../bus/processes.ts';
import { kinds } from '../bus/kinds.ts';

/** Milliseconds that cookies are kept for their client. */
const lifetime = 30_000;

/** Milliseconds that another process has to say what it has. */
const patience = 5000;

/** The process that has made a key, and 256 random bits in base64url. */
const pattern = /^([0-9a-f]{12})[\w-]{43}$/;

/** Stands for the process where there is only one. */
const alone = '000000000000';

interface Kept {
	cookies: string[];
	timer: NodeJS.Timeout;
}

/** What one process answers another: none, where it has none. */
interface Letter {
	key: string;
	cookies: string[];
}

/** Cookies that answers on sockets have set, until their clients fetch them. */
export class LiveCookies {
	readonly #processes: Processes | undefined;
	readonly #kept = new Map<string, Kept>();
	/** Keys that another process was asked about. */
	readonly #asked = new Map<string, (cookies: string[] | undefined) => void>();

	/** @param processes absent where this process is the only one */
	constructor(processes: Processes | undefined) {
		this.#processes = processes;
		processes?.listen(kinds.liveCookiesWanted, (data, sender) => {
			const key = String(data);
			const letter: Letter = { key, cookies: this.#take(key) ?? [] };
			processes.tell(sender, kinds.liveCookies, JSON.stringify(letter));
		});
		processes?.listen(kinds.liveCookies, (data) => this.#hear(String(data)));
	}

	/** Nobody gets them any more. Harmless for a key that is not known. */
	drop(key: string): void {
		this.#take(key);
	}

	/** @returns the key to them, for whoever comes with it first */
	keep(cookies: string[]): string {
		const key = (this.#processes?.id ?? alone) + randomBytes(32).toString('base64url');
		const timer = setTimeout(() => this.#kept.delete(key), lifetime).unref();
		this.#kept.set(key, { cookies, timer });
		return key;
	}

	/** @returns undefined if there are none, or not any more */
	async take(key: string): Promise<string[] | undefined> {
		const process = pattern.exec(key)?.[1];
		if (process === undefined) return undefined;
		const isHere = process === (this.#processes?.id ?? alone);
		return isHere ? this.#take(key) : this.#ask(process, key);
	}

	#take(key: string): string[] | undefined {
		const kept = this.#kept.get(key);
		if (kept === undefined) return undefined;
		clearTimeout(kept.timer);
		this.#kept.delete(key);
		return kept.cookies;
	}

	#ask(process: string, key: string): Promise<string[] | undefined> {
		const processes = this.#processes;
		// Whoever invents keys asks nobody: another process is known, or there is none.
		if (!processes?.others.has(process) || this.#asked.has(key)) return Promise.resolve(undefined);
		return new Promise((resolve) => {
			const finish = (cookies: string[] | undefined) => {
				clearTimeout(timer);
				this.#asked.delete(key);
				resolve(cookies);
			};
			const timer = setTimeout(() => finish(undefined), patience);
			this.#asked.set(key, finish);
			processes.tell(process, kinds.liveCookiesWanted, key);
		});
	}

	#hear(text: string): void {
		const { key, cookies } = JSON.parse(text) as Letter;
		this.#asked.get(key)?.(cookies.length > 0 ? cookies : undefined);
	}
}
