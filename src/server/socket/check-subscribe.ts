import type { Caller } from '../../shared/errors.ts';
import { toJson } from '../../shared/json.ts';
import { badValue, checkAmount, describe } from './check.ts';
import type { Arrival, Attendance, KeptTopic, SubscribeOptions } from './kept-topic.ts';

/** Characters of the id of somebody who is present. */
export const maxId = 256;

/** Bytes of what is told of somebody who is present: everybody on the topic gets it, of everybody. */
export const maxInfo = 4096;

/**
 * @param kept the topic, if something is kept of it
 * @param caller the method that the app has called
 * @throws {AdapterError} `bad_value` for options that are none, and for what the topic does not keep
 */
export function checkSubscribe(
	{ replay, presence }: SubscribeOptions,
	kept: KeptTopic | undefined,
	caller: Caller
): Arrival {
	if (replay !== undefined) checkAmount('replay', replay, caller);
	const attendance = presence === undefined ? undefined : checkPresence(presence, caller);
	const missing = [
		replay !== undefined && !kept?.hasHistory && 'history: true',
		presence !== undefined && !kept?.hasPresence && 'presence: true'
	].find((option) => option !== false);
	if (missing !== undefined) {
		throw badValue(caller, {
			what: 'The topic keeps nothing of the kind',
			value: `replay or presence without ${missing}`,
			todo: `Say so in src/websocket: export const topics = defineTopics({ 'room:*': { ${missing} } }).`
		});
	}
	return {
		...(replay !== undefined && { replay }),
		...(attendance !== undefined && { presence: attendance })
	};
}

function checkPresence(presence: unknown, caller: Caller): Attendance {
	const { id, info } = Object(presence) as { id?: unknown; info?: unknown };
	if (typeof id !== 'string') {
		throw badValue(caller, {
			what: 'Who is present needs an id',
			value: describe(id),
			todo: 'Use a string that is the same for all sockets of one person: presence: { id, info }.'
		});
	}
	if (id.length > maxId) {
		throw badValue(caller, {
			what: 'The id of who is present is too long',
			value: `${id.length} characters`,
			todo: `Keep it within ${maxId} characters.`
		});
	}
	const json = info === undefined ? undefined : toJson(info, caller);
	const bytes = json === undefined ? 0 : Buffer.byteLength(json);
	if (bytes > maxInfo) {
		throw badValue(caller, {
			what: 'The info of who is present is too long',
			value: `${bytes} bytes of JSON`,
			todo: `Keep it within ${maxInfo} bytes: everybody on the topic gets it, of everybody. Load the rest where it is shown.`
		});
	}
	return { id, json };
}
