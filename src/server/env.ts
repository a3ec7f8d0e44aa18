import { AdapterError } from '../shared/errors.ts';

/** The variables that an `envPrefix` applies to. */
const names = [
	'ADDRESS_HEADER',
	'BODY_SIZE_LIMIT',
	'BUS_PREFIX',
	'BUS_URL',
	'ENGINE',
	'HEADERS_TIMEOUT',
	'HOST',
	'HOST_HEADER',
	'IDLE_TIMEOUT',
	'KEEP_ALIVE_TIMEOUT',
	'PORT',
	'PORT_HEADER',
	'PROTOCOL_HEADER',
	'SHUTDOWN_TIMEOUT',
	'SOCKET_PATH',
	'SSL_CERT',
	'SSL_KEY',
	'WORKERS',
	'XFF_DEPTH'
] as const;

/** Without a prefix: the variables of systemd's socket activation, and one that is named for this server already. */
const unprefixed = ['LISTEN_FDS', 'LISTEN_PID', 'SVELTE_ADAPTER_WS_FAST'] as const;

/** In SvelteKit 2; in SvelteKit 3 an app of an older time has it, and is told. */
const originName = 'ORIGIN';

export type EnvName = (typeof names)[number] | (typeof unprefixed)[number] | typeof originName;

export type Variables = Record<string, string | undefined>;

const multipliers: Record<string, number> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Reads the environment: every value is checked, and every error names the variable as the user wrote it. */
export class Env {
	readonly #prefix: string;
	readonly #variables: Variables;

	/** @throws {AdapterError} `bad_env` if a variable has the prefix but is not one of ours, as adapter-node does */
	constructor(prefix: string, variables: Variables, readsOrigin = false) {
		this.#prefix = prefix;
		this.#variables = variables;
		if (prefix !== '') this.#refuseUnknown(readsOrigin);
	}

	/** The variables are named for this server, and no other program has them. */
	get hasPrefix(): boolean {
		return this.#prefix !== '';
	}

	/** The name as the user writes it. */
	name(name: EnvName): string {
		return unprefixed.some((each) => each === name) ? name : this.#prefix + name;
	}

	text(name: EnvName): string | undefined;
	text(name: EnvName, fallback: string): string;
	text(name: EnvName, fallback?: string): string | undefined {
		const value = this.#variables[this.name(name)];
		return value === undefined || value === '' ? fallback : value;
	}

	/** @param alternative what it may be besides, for the error */
	integer(
		name: EnvName,
		fallback: number,
		min: number,
		max = Number.MAX_SAFE_INTEGER,
		alternative = ''
	): number {
		const text = this.text(name);
		if (text === undefined) return fallback;
		const value = /^\d+$/.test(text) ? Number(text) : NaN;
		if (value >= min && value <= max) return value;
		const upTo = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
		return this.fail(name, `Set it to a whole number ${upTo}${alternative}.`);
	}

	/** A whole number, or undefined if the variable is not set. */
	optionalInteger(name: EnvName): number | undefined {
		return this.text(name) === undefined ? undefined : this.integer(name, 0, 0);
	}

	/** A number of bytes, with K, M or G for powers of 1024, or `Infinity`. */
	bytes(name: EnvName, fallback: number): number {
		const text = this.text(name);
		if (text === undefined) return fallback;
		if (text === 'Infinity') return Infinity;
		const match = /^(\d+(?:\.\d+)?)([KMG])?$/i.exec(text);
		if (!match)
			return this.fail(
				name,
				'Set it to a number of bytes such as 524288, 512K, 10M or 1G, or to Infinity.'
			);
		return Math.floor(Number(match[1]) * (multipliers[match[2]?.toUpperCase() ?? ''] ?? 1));
	}

	oneOf<Choice extends string>(
		name: EnvName,
		choices: readonly Choice[],
		fallback: Choice
	): Choice {
		const text = this.text(name);
		if (text === undefined) return fallback;
		const choice = choices.find((each) => each === text);
		return choice ?? this.fail(name, `Set it to ${choices.join(' or ')}.`);
	}

	/** An origin, such as `https://example.com`. */
	origin(name: EnvName): string | undefined {
		const text = this.text(name);
		if (text === undefined) return undefined;
		const url = URL.canParse(text) ? new URL(text) : undefined;
		if (url && /^https?:$/.test(url.protocol)) return url.origin;
		return this.fail(name, 'Set it to a scheme and a host, such as https://example.com.');
	}

	/** A header's name, in lower case; empty if it is not set. */
	header(name: EnvName): string {
		return this.text(name, '').toLowerCase();
	}

	#refuseUnknown(readsOrigin: boolean): void {
		for (const key of Object.keys(this.#variables)) {
			if (!key.startsWith(this.#prefix)) continue;
			if (names.some((name) => this.name(name) === key)) continue;
			if (unprefixed.some((name) => name === key)) continue;
			if (readsOrigin && key === this.name(originName)) continue;
			throw new AdapterError('bad_env', {
				what: `The environment variable ${key} has the prefix of this server but is not one of its variables`,
				value: `envPrefix ${JSON.stringify(this.#prefix)}`,
				todo: 'Rename the variable, or choose another envPrefix in the adapter options.'
			});
		}
	}

	/** @throws {AdapterError} `bad_env` */
	fail(name: EnvName, todo: string): never {
		throw new AdapterError('bad_env', {
			what: `The environment variable ${this.name(name)} has a value that cannot be used`,
			value: JSON.stringify(this.text(name)) ?? 'not set',
			todo
		});
	}
}

/**
 * What `build/env.js` exports, as in adapter-node 5: for a server of one's own that reads its variables by the same names.
 * @throws {AdapterError} `bad_env`
 */
export function createReaders(prefix: string, variables: Variables, readsOrigin: boolean) {
	const reader = new Env(prefix, variables, readsOrigin);
	return {
		/** A variable as it is, also where it is empty. */
		env: (name: EnvName, fallback?: unknown): unknown => variables[reader.name(name)] ?? fallback,
		/** Seconds. */
		timeout_env: (name: EnvName, fallback?: number): number | undefined =>
			reader.optionalInteger(name) ?? fallback
	};
}
