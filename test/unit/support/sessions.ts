import { mark } from '../../../src/shared/protocol.ts';
import type { RateLimit } from '../../../src/shared/handoff.ts';
import { Registry } from '../../../src/server/registry/registry.ts';
import type { SocketContext } from '../../../src/server/socket/context.ts';
import { createSession } from '../../../src/server/socket/create-session.ts';
import type { AnyHandler } from '../../../src/server/socket/handler.ts';
import type { Message } from '../../../src/server/socket/message.ts';
import type { Peer } from '../../../src/server/socket/peer.ts';
import { FakeSocket } from './engine.ts';
import { FakeLog } from './log.ts';
import { identity, plainContext } from './peers.ts';

/** A handler whose `message` answers requests. */
export interface AnsweringHandler extends Omit<AnyHandler, 'message'> {
	message?(peer: Peer, message: Message): unknown;
}

interface Wanted {
	/** What its client speaks. */
	speaks?: 'nothing' | 'beats' | 'frames';
	resumes?: boolean;
	registry?: Registry;
	rateLimit?: RateLimit | undefined;
	context?: SocketContext;
	checksOutgoing?: boolean;
}

/** A session of this handler, not open yet, of a client that speaks our protocol if nothing else is wanted. */
export function createConversation(
	handler: AnsweringHandler,
	{
		speaks = 'frames',
		resumes = false,
		registry = new Registry(),
		context = plainContext,
		rateLimit,
		checksOutgoing = false
	}: Wanted = {}
) {
	const log = new FakeLog();
	const socket = new FakeSocket();
	const limits = { maxWaiting: 10_000, maxPayload: 5000, closeOnBackpressureLimit: false };
	const route = { id: '/chat', handler: handler as AnyHandler };
	const session = createSession(
		{ route, context, settings: { registry, log, rateLimit, checksOutgoing, ...limits } },
		{
			identity,
			heartbeat: speaks === 'nothing' ? undefined : 30_000,
			client: speaks === 'frames' ? { name: 'abcdefgh', resumes } : undefined
		}
	);
	socket.onClose = (code, reason, cause) => session.close(code, reason, cause);
	const sent = () => socket.sent.map(({ data }) => data);
	return { session, socket, log, route, sent };
}

/** What the server says first, and when `open` is done. */
export const hello = `${mark}v1,30000`;
export const opened = `${mark}o`;

/** When all microtasks have run, and what they caused. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
