import type { Numbered, Page } from '../log/link.ts';
import type { Entry, HistoryLimits, NewEntry } from '../topic-log.ts';
import { packet, packetTypes } from './packets.ts';

/** What a worker wants of the router about what topics remember. */
export interface Question {
	/** The worker's own, which comes back with the answer. */
	readonly number: number;
	readonly topic: string;
	readonly limits: HistoryLimits;
	/** To be appended, where there are some. */
	readonly entries: readonly NewEntry[];
	/** Milliseconds since 1970, by the clock that both have: then nothing is to be kept any more. */
	readonly deadline?: number;
	/** Where it is to be read from, if nothing is to be appended. */
	readonly after?: number;
}

export interface Answer {
	readonly number: number;
	readonly numbered?: readonly Numbered[];
	readonly page?: Page;
	/** Why neither is there. */
	readonly refused?: string;
}

/** An entry without its data, which follows. */
type Sized<T extends NewEntry> = Omit<T, 'data'> & {
	readonly length: number;
	readonly isText: boolean;
};

/** Bytes of a length. */
const word = 4;

/*
 * Both are the length of some JSON, that JSON, and the data of its entries, one after the other.
 */

export function questionPacket({ entries, ...question }: Question): Uint8Array[] {
	const { sized, data } = takeData(entries);
	return packet(packetTypes.ask, [...withLength({ ...question, sized }), ...data]);
}

export function readQuestion(body: Buffer): Question {
	const { head, data } = split<Omit<Question, 'entries'> & { sized: Sized<NewEntry>[] }>(body);
	const { sized, limits, ...question } = head;
	return { ...question, limits: unlimited(limits), entries: putData(sized, data) };
}

export function answerPacket({ page, ...answer }: Answer): Uint8Array[] {
	if (page === undefined) return packet(packetTypes.answer, withLength(answer));
	const { entries, ...rest } = page;
	const { sized, data } = takeData(entries);
	return packet(packetTypes.answer, [...withLength({ ...answer, page: rest, sized }), ...data]);
}

export function readAnswer(body: Buffer): Answer {
	const { head, data } = split<Answer & { sized?: Sized<Entry>[] }>(body);
	const { sized = [], page, ...answer } = head;
	return page ? { ...answer, page: { ...page, entries: putData(sized, data) } } : answer;
}

function takeData<T extends NewEntry>(
	entries: readonly T[]
): { sized: Sized<T>[]; data: Uint8Array[] } {
	const data = entries.map(({ data: each }) =>
		typeof each === 'string' ? Buffer.from(each) : each
	);
	const sized = entries.map(({ data: each, ...entry }, index) => ({
		...entry,
		length: data[index]?.byteLength ?? 0,
		isText: typeof each === 'string'
	}));
	return { sized, data };
}

function putData<T extends NewEntry>(sized: readonly Sized<T>[], data: Buffer): T[] {
	let at = 0;
	return sized.map(({ length, isText, ...entry }) => {
		const bytes = data.subarray(at, (at += length));
		return { ...entry, data: isText ? bytes.toString() : new Uint8Array(bytes) } as unknown as T;
	});
}

function withLength(value: object): Buffer[] {
	const json = Buffer.from(JSON.stringify(value));
	const length = Buffer.allocUnsafe(word);
	length.writeUInt32BE(json.byteLength);
	return [length, json];
}

/** Of what another worker has written, or the router: both are of the same build. */
function split<T>(body: Buffer): { head: T; data: Buffer } {
	const end = word + body.readUInt32BE(0);
	return { head: JSON.parse(body.toString('utf8', word, end)) as T, data: body.subarray(end) };
}

/** JSON has no infinity. */
function unlimited(limits: { [key in keyof HistoryLimits]: number | null }): HistoryLimits {
	const { size, bytes, ttl } = limits;
	return { size: size ?? Infinity, bytes: bytes ?? Infinity, ttl: ttl ?? Infinity };
}
