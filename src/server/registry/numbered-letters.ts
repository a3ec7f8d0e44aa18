import type { BusData } from '../bus/bus.ts';
import type { Entry } from '../bus/topic-log.ts';

/** Between the head and the message. */
const end = ';';

/** Bytes of the longest head. */
const longest = 300;

/** `offset,compress,epoch,author;`, then the message. */
export function writeNumbered(
	epoch: string,
	{ offset, compress, author, data }: Omit<Entry, 'time'>
): BusData {
	const head = `${offset},${compress ? 1 : 0},${epoch},${author}${end}`;
	return typeof data === 'string' ? head + data : Buffer.concat([Buffer.from(head), data]);
}

/** @returns a message that has just been published @throws {TypeError} */
export function readNumbered(letter: BusData): { epoch: string; entry: Omit<Entry, 'time'> } {
	const start = typeof letter === 'string' ? letter.slice(0, longest) : textOf(letter);
	const at = start.indexOf(end);
	const [, number = '', flag, epoch = '', author = ''] =
		/^(\d{1,16}),([01]),([\w-]{1,200}),([\da-z]*)$/.exec(start.slice(0, Math.max(at, 0))) ?? [];
	const offset = Number(number);
	if (offset === 0) throw new TypeError('It has no number');
	return { epoch, entry: { offset, compress: flag === '1', author, data: rest(letter, at + 1) } };
}

function rest(letter: BusData, at: number): BusData {
	return typeof letter === 'string' ? letter.slice(at) : letter.subarray(at);
}

function textOf(bytes: Uint8Array): string {
	const head = bytes.subarray(0, longest);
	return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
}
