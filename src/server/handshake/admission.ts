import type { Registry } from '../registry/registry.ts';
import type { Mark } from '../registry/closings.ts';
import type { RouteMatch } from '../routing/routes.ts';
import type { PeerIdentity } from '../socket/peer-hub.ts';
import type { ParamValue } from '../socket/types.ts';
import type { CloseTarget } from '../registry/websockets.ts';
import { Refusal } from './request.ts';

export type Identity = PeerIdentity<unknown, Record<string, ParamValue>>;

/** @throws {Refusal} 503 */
export function refuseIfFull({ route }: RouteMatch): void {
	if (route.members?.isFull) throw new Refusal(503, 'Too many connections to this path');
}

/**
 * The last look before an upgrade becomes a socket: others may have come, or been closed, while it was decided.
 * @throws {Refusal}
 */
export function checkAdmission(
	{ closings }: Pick<Registry, 'closings'>,
	mark: Mark,
	match: RouteMatch,
	identity: Identity
): void {
	refuseIfFull(match);
	const closed = match.route.members?.closed ?? closings.find(mark, () => toTarget(identity));
	if (closed) throw new Refusal(statusOf(closed.code), closed.reason || 'This socket was closed');
}

/** What a close code is before there is a socket: an HTTP status that says the same. */
function statusOf(code: number): number {
	if (code >= 4400 && code <= 4499) return code - 4000;
	// Going away, restarting, try again later: RFC 6455, section 7.4, and its registry.
	return [1001, 1012, 1013].includes(code) ? 503 : 403;
}

/** Who is about to become a peer, as what `websockets.close` asks its filter about. */
function toTarget(identity: Identity): CloseTarget {
	return { ...identity, url: new URL(identity.url), topics: new Set() };
}
