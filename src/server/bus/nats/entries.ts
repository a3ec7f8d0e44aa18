import type { Entry } from '../topic-log.ts';
import type { JetStream } from './jetstream.ts';
import type { NatsMessage } from './options.ts';

/** Messages that are asked for at a time. */
export const mostTogether = 100;

export interface Range {
	readonly from: number;
	readonly to: number;
}

/** Messages of a stream. What of them is not there any more makes all before it useless. */
export async function fetchEntries(
	jetStream: JetStream,
	name: string,
	{ from, to }: Range
): Promise<Entry[]> {
	const offsets = Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);
	const found = await Promise.all(
		offsets.map(async (offset) => {
			const parameters = Buffer.from(JSON.stringify({ seq: offset }));
			return toEntry(offset, await jetStream.request(`$JS.API.DIRECT.GET.${name}`, parameters));
		})
	);
	const gap = found.findLastIndex((entry) => entry === undefined);
	return found.slice(gap + 1).filter((entry) => entry !== undefined);
}

/** Undefined for the answer that there is none. */
function toEntry(offset: number, { data, headers }: NatsMessage): Entry | undefined {
	const [flags = '', author = ''] = (headers?.get('Entry') ?? '').split(' ');
	if (headers === undefined || flags === '') return undefined;
	return {
		offset,
		time: Date.parse(headers.get('Nats-Time-Stamp')),
		data: flags.startsWith('t') ? Buffer.from(data).toString() : new Uint8Array(data),
		compress: flags.endsWith('c'),
		author
	};
}
