import { sizeOf } from '../log/link.ts';
import type { HistoryLimits } from '../topic-log.ts';
import { fetchEntries, mostTogether } from './entries.ts';
import type { JetStream, StreamInfo } from './jetstream.ts';

/** Bytes that a message needs in a stream beside its data, by and large: its subject, its header, where it ends. */
const overhead = 300;

/** Forget the oldest messages of a stream that has about twice the bytes that it may have. */
export async function trim(
	jetStream: JetStream,
	{ config, state }: StreamInfo,
	{ bytes }: HistoryLimits
): Promise<void> {
	if (state.bytes < 2 * bytes + state.messages * overhead) return;
	let total = 0;
	for (let to = state.last_seq; to >= state.first_seq; to -= mostTogether) {
		const from = Math.max(to - mostTogether + 1, state.first_seq);
		const entries = await fetchEntries(jetStream, config.name, { from, to });
		const last = entries.findLast((entry) => (total += sizeOf(entry)) > bytes);
		if (last) await jetStream.ask('STREAM.PURGE', config.name, { seq: last.offset + 1 });
		if (last || entries.length === 0) return;
	}
}
