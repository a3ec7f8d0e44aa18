import { prevent_conflicts } from 'kit:conflict';
import { parse_route_id, validate_route_id_params } from 'kit:routing';
import { AdapterError } from '../../shared/errors.ts';

/** What Kit refuses in a route, and what to do instead: `core/sync/create_manifest_data/index.js`. */
const faults: readonly (readonly [isIn: (id: string) => boolean, todo: string])[] = [
	[(id) => typeof id !== 'string', 'Write it as a string, as in Kit: /chat/[room].'],
	[(id) => !id.startsWith('/'), 'Start it with a slash, as in Kit: /chat/[room].'],
	[(id) => count(id, '[') !== count(id, ']'), 'Close every bracket that it opens.'],
	[(id) => id.includes(']['), 'Put something between two params.'],
	[(id) => /\[\.\.\.[\w-]+\]\/\[\[/.test(id), 'Nothing optional can follow a rest param.'],
	[(id) => id.includes('[[...'), 'A rest param is optional anyway: use single brackets.'],
	[hasBadParam, 'Use letters, digits, _ and - for the names of params.']
];

/**
 * @param matchers the names of the param matchers that there are
 * @throws {AdapterError} `bad_route` for the first path that cannot be a route, or that is the same as another
 */
export function checkRouteIds(ids: string[], matchers: string[] = []): void {
	for (const id of ids) {
		const fault = faults.find(([isIn]) => isIn(id));
		if (fault) throw badRoute(typeof id === 'string' ? JSON.stringify(id) : typeof id, fault[1]);
		const missing = parse_route_id(id).params.find(
			({ matcher }) => matcher && !matchers.includes(matcher)
		);
		if (missing) throw badRoute(JSON.stringify(id), noMatcher(missing.matcher, matchers));
	}
	try {
		prevent_conflicts(ids.map((id) => ({ id, leaf: true })));
	} catch (cause) {
		throw badRoute(
			ids.map((id) => JSON.stringify(id)).join(', '),
			'Two of these are the same.',
			cause
		);
	}
}

export function badRoute(value: string, todo: string, cause?: unknown): AdapterError {
	return new AdapterError('bad_route', {
		what: 'A path in src/websocket cannot be used',
		value,
		todo,
		...(cause === undefined ? {} : { cause })
	});
}

function noMatcher(name = '', known: string[]): string {
	const others = known.length > 0 ? `, which has ${known.join(', ')}` : '';
	return `Define the matcher ${name} in src/params${others}. A path of websockets.continuous can have none.`;
}

function count(text: string, character: string): number {
	return text.split(character).length - 1;
}

function hasBadParam(id: string): boolean {
	return validate_route_id_params(id) !== undefined;
}
