import type { BusData } from '../bus/bus.ts';
import { maxId, maxInfo } from '../socket/check-subscribe.ts';
import type { Said } from './presence-claim.ts';
import { pieces } from './presence-frames.ts';

/** What a process tells others of who is present, and how that is written. What cannot be read throws: see `Others`. */

/** Of somebody on a topic. */
export interface Saying {
	readonly topic: string;
	readonly id: string;
	/** Undefined where he is there no longer. */
	readonly said: Said | undefined;
}

export interface Announcement {
	/** Counts up with each of them, from 1 on; that of the newest one where it answers who has asked for everything. */
	readonly version: number;
	/** Absent where it says only what has changed. */
	readonly part: { readonly index: number; readonly count: number } | undefined;
	readonly sayings: readonly Saying[];
}

/** Characters of the longest one: a piece, and the longest topic, of which JSON makes at most six times as many. */
const longest = 600_000;

/** @param version of the first one */
export function* writeChanges(version: number, sayings: Iterable<Saying>): Iterable<string> {
	let next = version;
	for (const piece of pieces(textsOf(sayings))) {
		yield `{"version":${next},"sayings":[${piece}]}`;
		next += 1;
	}
}

/** Everything, which nobody may have to say. */
export function writeAll(version: number, sayings: Iterable<Saying>): string[] {
	const all = [...pieces(textsOf(sayings))];
	if (all.length === 0) all.push('');
	return all.map(
		(piece, index) => `{"version":${version},"part":[${index},${all.length}],"sayings":[${piece}]}`
	);
}

/** `[topic, id]` of who has left, `[topic, id, since, at]`, and info where there is some. */
function* textsOf(sayings: Iterable<Saying>): Iterable<string> {
	for (const { topic, id, said } of sayings) {
		const name = `${JSON.stringify(topic)},${JSON.stringify(id)}`;
		if (said === undefined) yield `[${name}]`;
		else {
			const info = said.json === undefined ? '' : `,${said.json}`;
			yield `[${name},${said.since},${said.at}${info}]`;
		}
	}
}

/** @throws {TypeError | SyntaxError} */
export function readAnnouncement(data: BusData): Announcement {
	if (typeof data !== 'string' || data.length > longest) throw strange();
	const fields: unknown = JSON.parse(data);
	if (typeof fields !== 'object' || fields === null) throw strange();
	const { version, part, sayings } = fields as Record<string, unknown>;
	if (!isNumber(version) || !Array.isArray(sayings)) throw strange();
	return {
		version,
		part: part === undefined ? undefined : readPart(part),
		sayings: sayings.map(readSaying)
	};
}

/** A process that keeps nobody says nothing, and so does an older version. */
export function readVersion(data: BusData): number {
	return typeof data === 'string' && /^\d{1,15}$/.test(data) ? Number(data) : 0;
}

function readPart(part: unknown): { index: number; count: number } {
	if (!Array.isArray(part)) throw strange();
	const [index, count]: unknown[] = part;
	if (!isNumber(index) || !isNumber(count) || index >= count) throw strange();
	return { index, count };
}

function readSaying(saying: unknown): Saying {
	if (!Array.isArray(saying)) throw strange();
	const [topic, id, since, at, info]: unknown[] = saying;
	if (typeof topic !== 'string' || typeof id !== 'string' || id.length > maxId) throw strange();
	if (saying.length === 2) return { topic, id, said: undefined };
	if (!isNumber(since) || !isNumber(at)) throw strange();
	const json = saying.length === 4 ? undefined : JSON.stringify(info);
	if (json !== undefined && Buffer.byteLength(json) > maxInfo) throw strange();
	return { topic, id, said: { json, since, at } };
}

function isNumber(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

function strange(): TypeError {
	return new TypeError('It is not what this version expects');
}
