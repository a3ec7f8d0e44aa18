import type { Closable, Watch } from '../registry/closings.ts';
import { Refusal } from './request.ts';

/** Who it is that an upgrade was decided for. */
export type Identity = Closable;

/** Close codes of a server that is away for a while: RFC 6455, and the registry of IANA. */
const comesBack = new Set([1001, 1012, 1013]);

/**
 * @throws {Refusal} if the app has closed this one while it was being decided: with the HTTP status that its code stands for
 */
export function refuseIfClosed(watch: Watch, identity: Identity): void {
	const closing = watch.find(identity);
	if (closing === undefined) return;
	throw new Refusal(closedStatus(closing.code), closing.reason || 'The app has closed this socket');
}

/** By custom 4401 is 401, and so on. */
function closedStatus(code: number): number {
	if (code >= 4400 && code <= 4499) return code - 4000;
	return comesBack.has(code) ? 503 : 403;
}
