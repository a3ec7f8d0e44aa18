import type { HttpRequest } from 'uWebSockets.js';
import type { HeaderPairs } from '../engine.ts';
import { decodeValue } from './latin1.ts';

/** The headers of a request, as uWS gives them: of most of them nobody asks for the value. */
export class RawHeaders {
	/** Names and values, by turns. */
	readonly #raw: string[] = [];
	#pairs: HeaderPairs | undefined;

	constructor(req: HttpRequest) {
		const raw = this.#raw;
		req.forEach((name, value) => void raw.push(name, value));
	}

	/** The value of a header; repeated ones are joined with `, `. */
	get(name: string): string | undefined {
		const raw = this.#raw;
		let found: string | undefined;
		for (let index = 0; index < raw.length; index += 2) {
			if (raw[index] !== name) continue;
			const value = decodeValue(raw[index + 1] ?? '');
			found = found === undefined ? value : `${found}, ${value}`;
		}
		return found;
	}

	get pairs(): HeaderPairs {
		return (this.#pairs ??= this.filter(() => true));
	}

	/** Those with a name that passes. */
	filter(passes: (name: string) => boolean): HeaderPairs {
		const raw = this.#raw;
		const pairs: [string, string][] = [];
		for (let index = 0; index < raw.length; index += 2) {
			const name = raw[index] ?? '';
			if (passes(name)) pairs.push([name, decodeValue(raw[index + 1] ?? '')]);
		}
		return pairs;
	}
}
