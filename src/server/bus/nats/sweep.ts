import type { JetStream, StreamInfo } from './jetstream.ts';
import type { KnownStreams } from './streams.ts';

/** Milliseconds between two looks for streams that nobody needs any more. */
const interval = 3_600_000;

/** Milliseconds that an empty stream is kept, so that its numbers go on. */
const day = 86_400_000;

interface List {
	readonly total: number;
	readonly streams: readonly StreamInfo[] | null;
}

/** Where this process knows streams: each topic that there ever was would else have one for good. */
export function sweepNowAndThen(
	jetStream: JetStream,
	subjects: string,
	signal: AbortSignal,
	known: KnownStreams
): void {
	const look = () => {
		if (known.size > 0) sweep(jetStream, subjects, Date.now()).catch(() => {});
	};
	// Not all processes at once.
	const timer = setInterval(look, interval * (0.5 + Math.random())).unref();
	signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/**
 * Delete the streams that remember nothing any more, and to which nothing was published for long.
 * @param now milliseconds since 1970
 */
export async function sweep(jetStream: JetStream, subjects: string, now: number): Promise<void> {
	const old: string[] = [];
	for (let offset = 0; ;) {
		const list = await jetStream.ask<List>('STREAM.LIST', '', { offset, subject: subjects });
		const streams = list.streams ?? [];
		old.push(...streams.filter((each) => isOld(each, now)).map(({ config }) => config.name));
		offset += streams.length;
		if (streams.length === 0 || offset >= list.total) break;
	}
	for (const name of old) {
		// Somebody may have published meanwhile.
		const info = await jetStream.ask<StreamInfo>('STREAM.INFO', name);
		if (isOld(info, now)) await jetStream.ask('STREAM.DELETE', name);
	}
}

function isOld({ config, state, created }: StreamInfo, now: number): boolean {
	const used = Math.max(Date.parse(state.last_ts) || 0, Date.parse(created) || 0);
	return state.messages === 0 && used + 2 * (config.max_age / 1e6) + day < now;
}
