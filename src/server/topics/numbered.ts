import { frame, kinds } from '../../shared/protocol.ts';
import type { Entry } from '../bus/topic-log.ts';
import type { SendResult, SocketData } from '../engine/engine.ts';
import type { Follower } from '../socket/kept-topic.ts';

/** What an own client gets of a message: a frame, and the bytes by themselves where it has some. */
export function numbered(number: number, { offset, data }: Entry): readonly SocketData[] {
	return typeof data === 'string'
		? [frame(kinds.message, number, offset, data)]
		: [frame(kinds.binary, number, offset, data.byteLength), data];
}

/** What it gets of one that is its own. */
export function passed(number: number, offset: number): string {
	return frame(kinds.passed, number, offset);
}

/** Send a message to one alone. @param isItsOwn it has published it, and does not get it */
export function sendTo(
	follower: Follower,
	number: number,
	entry: Entry,
	isItsOwn: boolean
): SendResult {
	if (follower.client === undefined) {
		return isItsOwn ? 'sent' : follower.transmit(entry.data, entry.compress);
	}
	const frames = isItsOwn ? [passed(number, entry.offset)] : numbered(number, entry);
	let result: SendResult = 'sent';
	for (const each of frames) {
		const sent = follower.transmitFrame(each, entry.compress);
		if (sent === 'dropped') return sent;
		if (sent === 'queued') result = sent;
	}
	return result;
}
