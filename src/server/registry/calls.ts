import type { AdapterError, Caller } from '../../shared/errors.ts';
import { badValue } from '../socket/check.ts';
import type { AnyHandler } from '../socket/handler.ts';
import { faultOf } from '../socket/handler-fault.ts';
import type { EndpointHandler, UseEvent } from './websockets.ts';

export function noId(id: unknown, caller: Caller): AdapterError {
	return badValue(caller, {
		what: 'This is no id of a peer',
		value: typeof id,
		todo: 'Use the id of a peer, a string.'
	});
}

export function noHistory(topic: string, caller: Caller): AdapterError {
	return badValue(caller, {
		what: 'A topic that does not remember has no position',
		value: JSON.stringify(topic.slice(0, 100)),
		todo: "Say so in src/websocket: export const topics = defineTopics({ 'room:*': { history: true } })."
	});
}

export function noPresence(topic: string, caller: Caller): AdapterError {
	return badValue(caller, {
		what: 'Nobody can be present on a topic that does not keep it',
		value: JSON.stringify(topic.slice(0, 100)),
		todo: "Say so in src/websocket: export const topics = defineTopics({ 'room:*': { presence: true } })."
	});
}

/** A server that is told nothing believes in https. A page on the same host knows how it has reached that. */
export function isPlainHttp({ url, request }: UseEvent): boolean {
	const origin = request?.headers.get('origin') ?? '';
	return url.protocol === 'http:' || origin === `http://${url.host}`;
}

/** @throws {AdapterError} `bad_value` */
export function toHandler(handler: EndpointHandler, caller: Caller): AnyHandler {
	if (typeof handler === 'function') return { open: handler };
	if (typeof handler === 'object' && handler !== null) {
		const fault = faultOf(handler);
		if (fault === undefined) return handler;
		const { name, value, todo } = fault;
		throw badValue(caller, { what: 'A handler cannot be used', value: `${name}: ${value}`, todo });
	}
	throw badValue(caller, {
		what: 'This is no handler',
		value: typeof handler,
		todo: 'Give it an object with hooks such as open and message, or a function.'
	});
}
