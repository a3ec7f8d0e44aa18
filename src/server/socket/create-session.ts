import { OwnSession, type WantedClient } from './own-session.ts';
import { RateLimited, type PeerSession } from './rate-limit.ts';
import { Session } from './session.ts';
import type { SessionOptions, SessionStart } from './session-options.ts';

/** What a session needs to begin, whoever its client is. */
export interface NewSession extends Omit<SessionStart, 'client'> {
	/** Absent for a client that knows nothing of our protocol. */
	client: WantedClient | undefined;
}

/** The session of a socket that is let in. What few of them need costs the others nothing. */
export function createSession(
	options: SessionOptions,
	{ client, ...start }: NewSession
): PeerSession {
	const session = client ? new OwnSession(options, start, client) : new Session(options, start);
	const { route, settings } = options;
	const { rateLimit: limit, log } = settings;
	if (limit === undefined) return session;
	const onExcess = () => {
		const value = `${route.id}, ${limit.messages} messages in ${limit.per} ms`;
		log.warn('A peer that sends more than websocket.rateLimit is closed', value);
	};
	const speaks = client ? 'frames' : start.heartbeat === undefined ? 'nothing' : 'beats';
	return new RateLimited(session, { limit, speaks, onExcess });
}
