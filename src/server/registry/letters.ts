import type { BusData } from '../bus/bus.ts';
import { isCloseCode, maxReason } from '../socket/check.ts';

/** What one process asks another, and how that is written. What cannot be read throws: see `Others`. */

/** A message to one peer. */
export interface Letter {
	id: string;
	data: BusData;
	compress: boolean;
}

export interface CloseOrder {
	code: number;
	reason: string;
	/** Absent for everyone on the topic that it came on. */
	id?: string;
}

export interface Question {
	/** A number of whoever asks. */
	number: number;
	/** Absent for all. */
	topic?: string;
}

export interface Answer {
	number: number;
	count: number;
}

/** Characters of the longest order. A topic has no more than 65,535 bytes, of which JSON makes at most six times as many. */
const longest = 400_000;

const idLength = 36;

/** A mark and the id, then the message: it may be long, and is copied only once. */
export function writeLetter({ id, data, compress }: Letter): BusData {
	const head = (compress ? '1' : '0') + id;
	return typeof data === 'string' ? head + data : Buffer.concat([Buffer.from(head), data]);
}

/** @throws {TypeError} */
export function readLetter(data: BusData): Letter {
	if (data.length <= idLength) throw new TypeError('It is too short');
	const isText = typeof data === 'string';
	const head = isText ? data.slice(0, idLength + 1) : textOf(data.subarray(0, idLength + 1));
	return {
		id: head.slice(1),
		data: isText ? data.slice(idLength + 1) : data.subarray(idLength + 1),
		compress: head.startsWith('1')
	};
}

/** @throws {TypeError | SyntaxError} */
export function readCloseOrder(data: BusData): CloseOrder {
	const { code, reason, id } = readFields(data);
	if (!isCloseCode(code) || !isReason(reason) || !isTextOrAbsent(id)) throw strange();
	return { code, reason, ...(id !== undefined && { id }) };
}

/** @throws {TypeError | SyntaxError} */
export function readQuestion(data: BusData): Question {
	const { number, topic } = readFields(data);
	if (!isCount(number) || !isTextOrAbsent(topic)) throw strange();
	return { number, ...(topic !== undefined && { topic }) };
}

/** @throws {TypeError | SyntaxError} */
export function readAnswer(data: BusData): Answer {
	const { number, count } = readFields(data);
	if (!isCount(number) || !isCount(count)) throw strange();
	return { number, count };
}

function readFields(data: BusData): Record<string, unknown> {
	if (data.length > longest) throw new TypeError('It is too long');
	const fields: unknown = JSON.parse(typeof data === 'string' ? data : textOf(data));
	if (typeof fields !== 'object' || fields === null) throw strange();
	return { ...fields };
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

function isReason(value: unknown): value is string {
	return typeof value === 'string' && Buffer.byteLength(value) <= maxReason;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTextOrAbsent(value: unknown): value is string | undefined {
	return value === undefined || typeof value === 'string';
}

function strange(): TypeError {
	return new TypeError('It is not what this version expects');
}
