import type { RateLimit } from '../../shared/handoff.ts';
import type { Log } from '../log.ts';
import type { SocketContext } from './context.ts';
import type { PeerClient } from './peer-client.ts';
import type { PeerHub, PeerIdentity } from './peer-hub.ts';
import type { Peer } from './peer.ts';
import type { Route } from './route.ts';
import type { ParamValue } from './types.ts';

/** Where a session tells of its peer: the registry. */
export interface SessionHub extends PeerHub<Peer> {
	add(peer: Peer): void;
	remove(peer: Peer): void;
	/** It has taken what was queued for it. */
	drained(peer: Peer): void;
}

/** What the sessions of an app have in common. */
export interface SessionSettings {
	registry: SessionHub;
	log: Log;
	/** Bytes of messages that may wait for `open`, or for an earlier message where they are ordered. */
	maxWaiting: number;
	/** Bytes of the largest message that the engine takes. */
	maxPayload: number;
	/** Close a peer when it loses a message for being slow. */
	closeOnBackpressureLimit: boolean;
	/** How much a peer may send. Absent: any amount. */
	rateLimit?: RateLimit | undefined;
	/** What peers are sent is validated. */
	checksOutgoing?: boolean | undefined;
}

/** What a session keeps for as long as it lives. */
export interface SessionOptions {
	route: Route;
	context: SocketContext;
	settings: SessionSettings;
}

/** A client that speaks our protocol, as its session sees it. */
export interface SessionClient extends PeerClient {
	/** What `open` has to wait for, if there is something. */
	readonly resumed: Promise<void> | undefined;
	/** The `open` hook is done. */
	opened(): void;
}

/** What it needs to begin. */
export interface SessionStart {
	identity: PeerIdentity<unknown, Record<string, ParamValue>>;
	/** Milliseconds of silence after which the client should ask; undefined if it wants to see no heartbeat. */
	heartbeat: number | undefined;
	/** It wants to hear when the server leaves. */
	isTold?: boolean;
	/** It has begun the conversation already. */
	client?: SessionClient;
}
