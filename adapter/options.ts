import { inspect } from 'node:util';
import { AdapterError } from '../src/shared/errors.ts';
import { engineNames } from '../src/shared/handoff.ts';
import { originProblem } from './origins.ts';

export interface AdapterOptions {
	/** Output directory. Default: `'build'`. */
	out?: string;
	/** Write gzip and brotli variants of assets and prerendered pages. Default: `true`. */
	precompress?: boolean;
	/** Prefix of the environment variables that the server reads. Default: `''`. */
	envPrefix?: string;
	/**
	 * What the server runs on: uWebSockets.js, Node, Bun, or the best that is there at its start: Bun where Bun runs, else
	 * uWebSockets.js where it can be loaded, else Node. Default: `'auto'`.
	 */
	engine?: 'auto' | 'uws' | 'node' | 'bun';
	/** `false` turns sockets off. */
	websocket?: false | WebSocketOptions;
}

export interface WebSocketOptions {
	/** The hook file, without its extension (`.ts` or `.js`), relative to the project. Default: `'src/websocket'`. */
	entry?: string;
	/**
	 * Pages that may open a socket: those of the app's own origin, all (`'*'`), or these origins besides the app's own, in
	 * the form in which browsers send them: `https://example.com`, `capacitor://localhost`, `tauri://localhost`,
	 * `chrome-extension://…`, or `null` for pages without an origin. Kit's `csrf.trustedOrigins` always may.
	 * Default: `'same-origin'`.
	 */
	allowedOrigins?: 'same-origin' | '*' | string[];
	/** Largest message in bytes; a larger one closes the socket. Default: 512 KiB. */
	maxPayload?: number;
	/**
	 * Seconds of silence after which a peer is dropped: 0 (never) or 8 to 960. Every 30 seconds, or four times in a shorter
	 * timeout, it is pinged. Default: 120.
	 */
	idleTimeout?: number;
	/** Bytes queued for one peer above which messages to it are dropped. Default: 1 MiB. */
	maxBackpressure?: number;
	/** Close a peer with 1013 as soon as it loses a message, so that its client comes back. Default: `false`. */
	closeOnBackpressureLimit?: boolean;
	/**
	 * Messages that one peer may send in so many milliseconds; with more it is closed with 1008, which is final for the client
	 * of this package. Default: any number.
	 */
	rateLimit?: { messages: number; per: number };
	/** Sockets above which more are refused with 503. Default: 90 % of the file-descriptor limit. */
	maxConnections?: number;
	/** Seconds that `upgrade` may take; then 504. Default: 10. */
	upgradeTimeout?: number;
	/** permessage-deflate. Default: `false`. */
	compression?: boolean;
}

/** An app without this file has no sockets, and that is fine; another file was named and has to exist. */
export const defaultEntry = 'src/websocket';

type Resolved<T, Optional extends keyof T = never> = Required<Omit<T, Optional>> &
	Pick<T, Optional>;

export interface ResolvedOptions extends Resolved<Omit<AdapterOptions, 'websocket'>> {
	websocket: false | Resolved<WebSocketOptions, 'maxConnections' | 'rateLimit'>;
}

/** A rule for one option: what it allows, in words, and the check. */
interface Rule {
	allowed: string;
	isValid(value: unknown): boolean;
	/** A sentence about what is wrong with this value. */
	explain?(value: unknown): string | undefined;
}

const text: Rule = { allowed: 'a string', isValid: (value) => typeof value === 'string' };
const filledText: Rule = {
	allowed: 'a string that is not empty',
	isValid: (value) => typeof value === 'string' && value !== ''
};
const flag: Rule = { allowed: 'true or false', isValid: (value) => typeof value === 'boolean' };

function whole(min: number, unit: string): Rule {
	return {
		allowed: `a whole number of ${unit} from ${min} up`,
		isValid: (value) => Number.isSafeInteger(value) && (value as number) >= min
	};
}

const count = whole(1, 'them');

const options: Record<keyof AdapterOptions, Rule> = {
	out: filledText,
	precompress: flag,
	envPrefix: text,
	engine: {
		allowed: "'auto', 'uws', 'node' or 'bun'",
		isValid: (value) => engineNames.some((name) => name === value)
	},
	websocket: {
		allowed: 'false or an object with options',
		isValid: (value) => value === false || isPlainObject(value)
	}
};

const websocketOptions: Record<keyof WebSocketOptions, Rule> = {
	entry: filledText,
	allowedOrigins: {
		allowed: "'same-origin', '*', or a list of origins such as 'https://example.com'",
		isValid: (value) =>
			value === 'same-origin' ||
			value === '*' ||
			(Array.isArray(value) && firstProblem(value) === undefined),
		explain: (value) => (Array.isArray(value) ? firstProblem(value) : undefined)
	},
	maxPayload: whole(1, 'bytes'),
	idleTimeout: {
		// uWebSockets.js ends the process for anything else
		allowed: '0 or a whole number of seconds from 8 to 960',
		isValid: (value) =>
			value === 0 || (Number.isInteger(value) && (value as number) >= 8 && (value as number) <= 960)
	},
	maxBackpressure: whole(1, 'bytes'),
	closeOnBackpressureLimit: flag,
	rateLimit: {
		allowed: '{ messages, per }, both whole numbers from 1 up, the latter in milliseconds',
		isValid: isRateLimit
	},
	maxConnections: whole(1, 'sockets'),
	upgradeTimeout: {
		// the longest that a timer of Node can wait
		allowed: 'a number of seconds above 0, up to 2147483',
		isValid: (value) => typeof value === 'number' && value > 0 && value <= 2_147_483
	},
	compression: flag
};

/**
 * The options with their defaults. An option that is `undefined` is an option that is not given.
 * @throws {AdapterError} `bad_option` for the first option that is unknown or has a value that is not allowed
 */
export function resolveOptions(given: AdapterOptions = {}): ResolvedOptions {
	check(given, options, '');
	if (given.websocket) check(given.websocket, websocketOptions, 'websocket.');
	return {
		out: given.out ?? 'build',
		precompress: given.precompress ?? true,
		envPrefix: given.envPrefix ?? '',
		engine: given.engine ?? 'auto',
		websocket: given.websocket === false ? false : resolveWebSocket(given.websocket ?? {})
	};
}

function resolveWebSocket(given: WebSocketOptions): Exclude<ResolvedOptions['websocket'], false> {
	return {
		entry: given.entry ?? defaultEntry,
		allowedOrigins: given.allowedOrigins ?? 'same-origin',
		maxPayload: given.maxPayload ?? 512 * 1024,
		idleTimeout: given.idleTimeout ?? 120,
		maxBackpressure: given.maxBackpressure ?? 1024 * 1024,
		closeOnBackpressureLimit: given.closeOnBackpressureLimit ?? false,
		rateLimit: given.rateLimit,
		maxConnections: given.maxConnections,
		upgradeTimeout: given.upgradeTimeout ?? 10,
		compression: given.compression ?? false
	};
}

function check(given: object, rules: Record<string, Rule>, prefix: string): void {
	if (!isPlainObject(given)) {
		throw badOption(
			'The adapter options are not an object',
			given,
			'Pass an object: adapterWs({ out: "build" }).'
		);
	}
	for (const [name, value] of Object.entries(given)) {
		const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
		if (rule === undefined) {
			const known = Object.keys(rules).map((each) => prefix + each);
			throw badOption(
				`The option ${prefix}${name} does not exist`,
				value,
				`Known are ${known.join(', ')}.`
			);
		}
		if (value !== undefined && !rule.isValid(value)) {
			const problem = rule.explain?.(value);
			throw badOption(
				`The option ${prefix}${name} has a value that is not allowed`,
				value,
				`${problem === undefined ? '' : `${problem} `}Allowed is ${rule.allowed}.`
			);
		}
	}
}

function badOption(what: string, value: unknown, todo: string): AdapterError {
	return new AdapterError('bad_option', { what, value: show(value), todo });
}

function show(value: unknown): string {
	if (typeof value === 'function') return 'a function';
	if (typeof value === 'bigint' || typeof value === 'number') return String(value);
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		return inspect(value, { breakLength: Infinity });
	}
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRateLimit(value: unknown): boolean {
	if (!isPlainObject(value) || Object.keys(value).length !== 2) return false;
	return [value['messages'], value['per']].every((each) => count.isValid(each));
}

function firstProblem(origins: unknown[]): string | undefined {
	for (const origin of origins) {
		const problem = originProblem(origin);
		if (problem !== undefined) return problem;
	}
	return undefined;
}
