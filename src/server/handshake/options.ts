import type { RateLimit } from '../../shared/handoff.ts';
import type { Ssr } from '../http/ssr.ts';
import type { LiveSockets } from '../live/live-sockets.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../registry/registry.ts';
import type { Relay } from '../relay/relay.ts';
import type { Routes } from '../routing/routes.ts';
import type { SessionSettings } from '../socket/session-options.ts';
import type { OriginRules } from './origin.ts';

export interface HandshakeOptions {
	ssr: Ssr;
	/** Absent if the app has no `src/websocket`. */
	routes: Routes | undefined;
	registry: Registry;
	/** Absent where nobody answers their queries. */
	live?: LiveSockets | undefined;
	/** Absent where this process is the only one. */
	relay?: Pick<Relay, 'ask' | 'extra'> | undefined;
	log: Log;
	base: string;
	origin: OriginRules;
	/** Kit answers 404 to every path but the root. */
	isHashRouted: boolean;
	maxConnections: number;
	/** Seconds. */
	upgradeTimeout: number;
	/** They count from `handle` on, not from the request: Vite loads what it has not loaded yet in between. */
	startsLate?: boolean;
	/** Bytes of messages that may wait for `open`. */
	maxBackpressure: number;
	/** Bytes. */
	maxPayload: number;
	closeOnBackpressureLimit: boolean;
	rateLimit?: RateLimit | undefined;
	/** In dev: what peers are sent is validated. */
	checksOutgoing?: boolean | undefined;
	/** Seconds of silence after which a peer is dropped; 0 for none. */
	idleTimeout: number;
}

/** What sessions get of it. */
export function sessionSettings({
	registry,
	log,
	maxBackpressure,
	maxPayload,
	closeOnBackpressureLimit,
	rateLimit,
	checksOutgoing
}: HandshakeOptions): SessionSettings {
	const maxWaiting = maxBackpressure;
	const limits = { maxWaiting, maxPayload, closeOnBackpressureLimit, rateLimit };
	return { registry, log, checksOutgoing, ...limits };
}
