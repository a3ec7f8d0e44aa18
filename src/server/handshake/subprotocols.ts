import { AdapterError } from '../../shared/errors.ts';
import type { Exchange } from '../engine/engine.ts';
import type { UpgradeEvent } from '../socket/handler.ts';
import type { Route } from '../socket/route.ts';
import type { MaybePromise, ParamValue } from '../socket/types.ts';
import { Refusal } from './request.ts';

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/**
 * The subprotocols the client offers, in its order.
 * @throws {Refusal} 400 for a list that RFC 6455 does not allow: section 4.1
 */
export function offeredProtocols(exchange: Exchange): string[] {
	const header = exchange.header('sec-websocket-protocol');
	if (header === undefined) return [];
	const offered = header.split(',').map((each) => each.trim());
	if (new Set(offered).size === offered.length && offered.every((each) => token.test(each))) {
		return offered;
	}
	throw new Refusal(400, 'The header sec-websocket-protocol must be a list of names, each once');
}

/**
 * The subprotocol that a path chooses, if any.
 * @throws what the function of the path throws, and {AdapterError} `bad_value` for what was not offered
 */
export function chooseProtocol(
	{ id, handler }: Route,
	offered: readonly string[],
	event: UpgradeEvent<Record<string, ParamValue>>
): MaybePromise<string | undefined> {
	if (typeof handler.protocols !== 'function') {
		return handler.protocols?.find((each) => offered.includes(each));
	}
	return checkChoice(id, offered, handler.protocols([...offered], event));
}

async function checkChoice(
	id: string,
	offered: readonly string[],
	choice: unknown
): Promise<string | undefined> {
	const chosen = (await choice) ?? undefined;
	if (chosen === undefined) return undefined;
	if (typeof chosen === 'string' && offered.includes(chosen)) return chosen;
	throw new AdapterError('bad_value', {
		what: `The function protocols of ${id} has chosen a subprotocol that the client does not offer`,
		value: typeof chosen === 'string' ? JSON.stringify(chosen) : typeof chosen,
		todo: 'Return one of those that it is given, or undefined for none.'
	});
}
