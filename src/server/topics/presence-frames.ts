import { frame, kinds } from '../../shared/protocol.ts';
import type { Follower } from '../socket/kept-topic.ts';
import type { Changes, Person, PresenceList } from './presence-list.ts';

/** Characters after which a list goes on in another frame. */
const longest = 64 * 1024;

/** What has changed, in as few frames as that takes: almost always one. @param number of the topic */
export function* changeFrames(number: number, { joined, left }: Changes): Iterable<string> {
	const comers = [...pieces(textsOf(joined))];
	const leavers = [...pieces(left.map((id) => JSON.stringify(id)))];
	for (let index = 0; index < Math.max(comers.length, leavers.length); index += 1) {
		const [comer, leaver] = [comers[index], leavers[index]];
		const fields = [
			comer !== undefined && `"joined":[${comer}]`,
			leaver !== undefined && `"left":[${leaver}]`
		];
		yield presenceFrame(number, fields.filter((field) => field !== false).join());
	}
}

/** Tells a newcomer who is there, no faster than he takes it: of many people that is more than may wait for one peer. */
export class Briefing {
	readonly #follower: Follower;
	readonly #frames: Iterator<string>;

	constructor(number: number, list: PresenceList, follower: Follower) {
		this.#follower = follower;
		this.#frames = everybody(number, list);
	}

	/** @returns whether all is told; if not, it goes on when he has taken what waits for him, or begins anew if he has lost something */
	proceed(): boolean {
		for (;;) {
			const { done, value } = this.#frames.next();
			if (done) return true;
			if (this.#follower.transmitFrame(value, false) !== 'sent') return false;
		}
	}
}

/** Who comes or leaves while this is gone through is told to everybody, so either is fine. */
function* everybody(number: number, list: PresenceList): Generator<string, void> {
	// Almost always, and then many who come at once get the same.
	if (list.length < longest) {
		yield presenceFrame(number, `"all":[${list.whole}]`);
		return;
	}
	let name = 'all';
	for (const piece of pieces(textsOf(list))) {
		yield presenceFrame(number, `"${name}":[${piece}]`);
		name = 'joined';
	}
}

function* textsOf(people: Iterable<Person>): Iterable<string> {
	for (const { text } of people) yield text;
}

/** What is read is part of the next piece, never of a later one: it may be wrong by then. */
export function* pieces(texts: Iterable<string>): Iterable<string> {
	let piece: string[] = [];
	let length = 0;
	for (const text of texts) {
		piece.push(text);
		length += text.length;
		if (length < longest) continue;
		yield piece.join();
		piece = [];
		length = 0;
	}
	if (piece.length > 0) yield piece.join();
}

function presenceFrame(number: number, fields: string): string {
	return frame(kinds.presence, number, `{${fields}}`);
}
