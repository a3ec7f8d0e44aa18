import { AdapterError } from '../../shared/errors.ts';
import type { HistoryLimits } from '../bus/topic-log.ts';
import { ownTopic } from '../socket/check.ts';

/** What a topic keeps. */
export interface TopicSettings {
	/** Absent: what is published is forgotten. */
	readonly history: HistoryLimits | undefined;
	readonly hasPresence: boolean;
}

const defaults: HistoryLimits = { size: 100, bytes: 1024 * 1024, ttl: 3600 };

/** Of `TopicOptions` and `HistoryOptions`. */
const options = ['history', 'presence'];
const limits = ['size', 'ttl', 'bytes'] as const;

/** What the app says of its topics: one that is named before a pattern, and a longer pattern before a shorter one. */
export class TopicPatterns {
	readonly #named = new Map<string, TopicSettings>();
	/** The longest first. */
	readonly #prefixes: (readonly [prefix: string, settings: TopicSettings])[] = [];

	/**
	 * @param topics the export of `src/websocket`, if there is one
	 * @throws {AdapterError} `websocket_export` or `bad_option`
	 */
	constructor(topics: unknown) {
		if (topics === undefined) return;
		if (typeof topics !== 'object' || topics === null || Array.isArray(topics)) {
			throw new AdapterError('websocket_export', {
				what: 'src/websocket has no usable export named topics',
				value: show(topics),
				todo: "Write: export const topics = defineTopics({ 'room:*': { history: true } })."
			});
		}
		for (const [pattern, given] of Object.entries(topics)) {
			const star = checkPattern(pattern);
			const settings = readSettings(pattern, given);
			if (star === -1) this.#named.set(pattern, settings);
			else this.#prefixes.push([pattern.slice(0, star), settings]);
		}
		this.#prefixes.sort(([one], [other]) => other.length - one.length);
	}

	/** Nothing is said of any topic. */
	get isEmpty(): boolean {
		return this.#named.size + this.#prefixes.length === 0;
	}

	/** Some topics remember. */
	get haveHistory(): boolean {
		const all = [...this.#named.values(), ...this.#prefixes.map(([, settings]) => settings)];
		return all.some(({ history }) => history !== undefined);
	}

	/** @returns undefined where nothing is kept */
	find(topic: string): TopicSettings | undefined {
		const found =
			this.#named.get(topic) ?? this.#prefixes.find(([prefix]) => topic.startsWith(prefix))?.[1];
		return found?.history !== undefined || found?.hasPresence ? found : undefined;
	}
}

/** @returns where its star is, or -1 */
function checkPattern(pattern: string): number {
	const star = pattern.indexOf('*');
	if (star !== -1 && star !== pattern.length - 1) {
		throw badTopic(pattern, 'a star', 'Put one star at the end, or none.');
	}
	if (!pattern.isWellFormed() || pattern.startsWith(ownTopic)) {
		const todo = 'Use a string that is Unicode and does not begin with U+0000.';
		throw badTopic(pattern, 'no topic', todo);
	}
	return star;
}

function readSettings(pattern: string, given: unknown): TopicSettings {
	const todo = 'Give it an object such as { history: true, presence: true }.';
	if (!isObject(given)) throw badTopic(pattern, show(given), todo);
	const unknown = Object.keys(given).find((key) => !options.includes(key));
	if (unknown !== undefined) {
		throw badTopic(pattern, unknown, `It may have these: ${options.join(', ')}.`);
	}
	const { history, presence = false } = given;
	if (typeof presence !== 'boolean') {
		throw badTopic(pattern, `presence: ${show(presence)}`, 'Give it true or false.');
	}
	return { history: readHistory(pattern, history), hasPresence: presence };
}

function readHistory(pattern: string, given: unknown): HistoryLimits | undefined {
	if (given === undefined || given === false) return undefined;
	if (given === true) return defaults;
	const all = limits.join(', ');
	if (!isObject(given)) {
		const todo = `Give it true, false, or an object with ${all}.`;
		throw badTopic(pattern, `history: ${show(given)}`, todo);
	}
	const unknown = Object.keys(given).find((key) => !limits.some((limit) => limit === key));
	if (unknown !== undefined) {
		throw badTopic(pattern, `history.${unknown}`, `A history may have these: ${all}.`);
	}
	const read = { ...defaults };
	for (const limit of limits) {
		const value = given[limit];
		if (value === undefined) continue;
		const isWhole = limit === 'ttl' || Number.isInteger(value);
		if (typeof value !== 'number' || !(value > 0 && value <= Number.MAX_SAFE_INTEGER) || !isWhole) {
			const kind = limit === 'ttl' ? 'seconds, a number above 0' : 'a whole number from 1 on';
			throw badTopic(pattern, `history.${limit}: ${show(value)}`, `Give it ${kind}.`);
		}
		read[limit] = value;
	}
	return read;
}

function badTopic(pattern: string, value: string, todo: string): AdapterError {
	return new AdapterError('bad_option', {
		what: `The topics of src/websocket are wrong at ${JSON.stringify(pattern)}`,
		value,
		todo
	});
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined`, `7`, `"text"`, `object` */
function show(value: unknown): string {
	if (Array.isArray(value)) return 'an array';
	if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
	return typeof value === 'function' || isObject(value) ? typeof value : String(value);
}
