import type { EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import { beat, isBeat } from '../../shared/heartbeat.ts';
import type { Log } from '../log.ts';
import type { AnyHandler } from './handler.ts';
import { Message } from './message.ts';
import { Peer, type PeerHub, type PeerIdentity } from './peer.ts';
import type { Route } from './route.ts';
import type { CloseDetails, ParamValue } from './types.ts';

type HookName = 'open' | 'message' | 'drain' | 'close';

/** Where a session tells of its peer: the registry. */
export interface SessionHub extends PeerHub {
	add(peer: Peer): void;
	remove(peer: Peer): void;
}

export interface SessionOptions {
	route: Route;
	identity: PeerIdentity<unknown, Record<string, ParamValue>>;
	registry: SessionHub;
	log: Log;
	/** Bytes of early messages that may wait for `open`. */
	maxEarly: number;
	/** Milliseconds of silence after which the client should ask; undefined if it wants to see no heartbeat. */
	heartbeat: number | undefined;
}

/** One socket's life: `open`, then messages in order, then `close` exactly once, whatever the hooks do. */
export class Session implements SocketEvents {
	readonly #options: SessionOptions;
	#peer: Peer<unknown> | undefined;
	/** What waits until `open` is done; undefined from then on. */
	#early: (() => void)[] | undefined = [];
	#earlyBytes = 0;
	/** Set if the client wants to see a heartbeat. */
	#echo: ((data: SocketData) => void) | undefined;

	constructor(options: SessionOptions) {
		this.#options = options;
	}

	/** Looked up anew for each event: the handler of a path may be replaced while sockets are open. */
	get #handler(): AnyHandler {
		return this.#options.route.handler;
	}

	open(socket: EngineSocket): void {
		const { registry, identity, route, heartbeat } = this.#options;
		if (heartbeat !== undefined) {
			this.#echo = (data) => void socket.send(data, false);
			this.#echo(beat + heartbeat);
		}
		const peer = new Peer(socket, registry, identity);
		this.#peer = peer;
		registry.add(peer);
		route.members?.join(peer, socket);
		const opened = this.#call('open', () => this.#handler.open?.(peer));
		if (opened === undefined) this.#release();
		else void opened.then(() => this.#release());
	}

	message(data: SocketData): void {
		if (this.#earlyBytes > this.#options.maxEarly) return;
		this.#earlyBytes += this.#early === undefined ? 0 : Math.max(1, Buffer.byteLength(data));
		if (this.#earlyBytes > this.#options.maxEarly) {
			this.#options.log.warn(
				'A socket sent too much before its open hook was done',
				this.#options.route.id
			);
			this.#peer?.close(1008, 'Too many messages before the socket was ready');
			return;
		}
		const echo = isBeat(data) ? this.#echo : undefined;
		// Somebody is here, and nothing has reached the app yet.
		if (echo) echo(this.#early ? beat + '0' : data);
		else this.#later(() => this.#run((peer) => this.#deliver(peer, new Message(data))));
	}

	drain(): void {
		this.#later(() =>
			this.#run((peer) => void this.#call('drain', () => this.#handler.drain?.(peer)))
		);
	}

	close(code: number, reason: string): void {
		const peer = this.#peer;
		if (peer === undefined) return;
		peer.markClosed();
		this.#options.registry.remove(peer);
		this.#options.route.members?.leave(peer);
		this.#later(() => this.#end(peer, { code, reason }));
	}

	#later(run: () => void): void {
		if (this.#early) this.#early.push(run);
		else run();
	}

	/** What comes while earlier things run, such as the close that a message asked for, waits its turn. */
	#release(): void {
		for (const run of this.#early ?? []) run();
		this.#early = undefined;
	}

	#run(call: (peer: Peer<unknown>) => void): void {
		if (this.#peer) call(this.#peer);
	}

	#deliver(peer: Peer<unknown>, message: Message): void {
		// As in a browser: who is added amid an event does not get that one.
		const listeners = peer.listeners('message');
		void this.#call('message', () => this.#handler.message?.(peer, message));
		const event = { type: 'message', data: message.data, message } as const;
		for (const listener of listeners) void this.#call('message', () => listener(event));
	}

	#end(peer: Peer<unknown>, details: CloseDetails): void {
		const listeners = peer.listeners('close');
		void this.#call('close', () => this.#handler.close?.(peer, details));
		const event = { type: 'close', ...details } as const;
		for (const listener of listeners) void this.#call('close', () => listener(event));
	}

	/** @returns a promise only if the hook returned one; it never rejects */
	#call(hook: HookName, call: () => unknown): Promise<void> | undefined {
		try {
			const result = call();
			if (!isThenable(result)) return undefined;
			return Promise.resolve(result).then(
				() => {},
				(error: unknown) => this.#failed(hook, error)
			);
		} catch (error) {
			this.#failed(hook, error);
			return undefined;
		}
	}

	#failed(hook: HookName, error: unknown): void {
		const { log, route } = this.#options;
		log.mapStack(error);
		const peer = this.#peer;
		const listeners = peer?.listeners('error') ?? [];
		if (peer === undefined || (this.#handler.error === undefined && listeners.length === 0)) {
			log.error(`The websocket hook ${hook} of ${route.id} failed`, error);
			return;
		}
		const report = (second: unknown) => {
			log.error(`The websocket hook ${hook} of ${route.id} failed`, error);
			log.error(`The websocket hook error of ${route.id} failed on that`, second);
		};
		const told = [
			() => this.#handler.error?.(peer, error),
			...listeners.map((listener) => () => listener({ type: 'error', error }))
		];
		for (const tell of told) attempt(tell, report);
	}
}

/** Whatever goes wrong is reported, now or later. */
function attempt(run: () => unknown, report: (error: unknown) => void): void {
	try {
		void Promise.resolve(run()).catch(report);
	} catch (error) {
		report(error);
	}
}

/** A promise of any realm or library. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
	return (
		typeof value === 'object' &&
		value !== null &&
		'then' in value &&
		typeof value.then === 'function'
	);
}
