import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Dispatcher } from '../dispatch.ts';
import type { CloseCause, EngineSocket, SendResult, SocketData, SocketEvents } from '../engine.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Leaver, Leaving } from '../leaving.ts';
import type { Topics } from '../../topic-members.ts';
import { Pulse } from '../pulse.ts';
import type { Batches } from '../batches.ts';
import { toFrame, type Frame } from './frame.ts';
import { Outlet } from './outlet.ts';
import { writeQueueSize } from './write-queue.ts';

/** What the sockets of one engine share. */
export interface NodeHub {
	readonly topics: Topics<NodeSocket>;
	/** Those whose connection is not closed yet. */
	readonly connected: Set<NodeSocket>;
	readonly batches: Batches;
	readonly leaving: Leaving;
	readonly heartbeat: Heartbeat<Pulse>;
	/** Looks at a silent socket after which it is dropped. */
	readonly patience: number;
	readonly maxBackpressure: number;
	readonly dispatcher: Dispatcher;
	/** @param sender who does not get it */
	publish(topic: string, data: SocketData, compress: boolean, sender: NodeSocket): void;
}

/** A socket on `ws`. */
export class NodeSocket implements EngineSocket, Leaver {
	dropped = 0;
	readonly #ws: WebSocket;
	readonly #connection: Duplex;
	readonly #outlet: Outlet;
	readonly #hub: NodeHub;
	readonly #events: SocketEvents;
	readonly #pulse: Pulse;
	#isOpen = true;
	/** Why it will have ended. */
	#cause: CloseCause | undefined;
	/** What is said to the peer when its queue is empty. */
	#goodbye: (() => void) | undefined;

	constructor(ws: WebSocket, connection: Duplex, hub: NodeHub, events: SocketEvents) {
		this.#ws = ws;
		this.#outlet = new Outlet(ws, connection, hub, this);
		this.#connection = connection;
		this.#hub = hub;
		this.#events = events;
		// What `upgrade` hands over is the connection of the request, whose type is wider.
		this.#pulse = new Pulse(this, connection as Socket, hub.patience);
		hub.heartbeat.add(this.#pulse);
	}

	/** Neither end has begun to close. */
	get isOpen(): boolean {
		return this.#isOpen && this.#ws.readyState === this.#ws.OPEN;
	}

	/** Something goes wrong, and ends it soon. */
	blame(cause: CloseCause): void {
		this.#cause = cause;
	}

	/** The peer has been silent for too long. */
	silent(): void {
		this.blame('idle');
		this.cut();
	}

	/** Its end will be told when `ws` tells of it. */
	cut(): void {
		this.#outlet.flush();
		this.#ws.terminate();
	}

	received(data: SocketData): void {
		if (this.isOpen) this.#guard('message', () => this.#events.message(data));
	}

	/** A ping was answered. */
	answered(data: Uint8Array): void {
		if (this.isOpen) this.#guard('pong', () => this.#events.pong?.(data));
	}

	/** What was queued has left. */
	drained(): void {
		if (this.#goodbye) this.leave();
		else if (this.isOpen) this.#guard('drain', () => this.#events.drain());
	}

	/** `ws` has closed it. */
	closed(code: number, reason: string): void {
		this.#hub.connected.delete(this);
		this.#forget();
		this.#end(code, reason, this.#cause);
	}

	send(data: SocketData, compress: boolean): SendResult {
		if (!this.isOpen) return 'dropped';
		return this.#outlet.isFull ? this.#drop() : this.#outlet.send(toFrame(data), compress);
	}

	/** Send what others get too. */
	deliver(frame: Frame, compress: boolean): void {
		if (!this.isOpen) return;
		if (this.#outlet.isFull) this.#drop();
		else this.#outlet.batch(frame, compress);
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#hub.publish(topic, data, compress, this);
	}

	subscribe(topic: string): void {
		if (this.isOpen) this.#hub.topics.join(topic, this);
	}

	unsubscribe(topic: string): void {
		this.#hub.topics.part(topic, this);
	}

	get bufferedAmount(): number {
		return this.isOpen ? this.#outlet.bufferedAmount : 0;
	}

	ping(data?: Uint8Array): void {
		if (this.isOpen) this.#ws.ping(data);
	}

	/** As on uWS it has ended with that, whatever the client answers. */
	close(code: number, reason: string, cause?: CloseCause): void {
		// The peer may have begun to close it, of which `ws` tells when the connection is closed.
		if (this.isOpen) this.#leaveWith(code, reason);
		this.#end(code, reason, cause);
	}

	terminate(): void {
		this.cut();
		this.#end(1006, '');
	}

	leave(): void {
		this.#goodbye?.();
		this.#forget();
	}

	/** What `ws` and Node have, and what of it the system has not taken: only that becomes less while one large write goes on. */
	get pending(): number {
		return this.#ws.bufferedAmount + writeQueueSize(this.#connection);
	}

	/** It has ended, for whoever holds it; harmless when called twice. */
	#end(code: number, reason: string, cause?: CloseCause): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#hub.heartbeat.delete(this.#pulse);
		this.#hub.topics.leave(this);
		this.#guard('close', () => this.#events.close(code, reason, cause));
	}

	#forget(): void {
		this.#goodbye = undefined;
		this.#hub.leaving.delete(this);
	}

	#guard(where: string, run: () => void): void {
		this.#hub.dispatcher.guard(where, run);
	}

	#leaveWith(code: number, reason: string): void {
		this.#outlet.flush();
		const goodbye = () => this.#ws.close(code, reason);
		this.#goodbye = goodbye;
		// `ws` would wait for five seconds, whether the queue moves or not.
		if (this.#ws.bufferedAmount > 0) this.#hub.leaving.add(this);
		else this.leave();
	}

	#drop(): SendResult {
		this.dropped += 1;
		if (this.dropped === 1) {
			setImmediate(() => {
				if (this.isOpen) this.#guard('overflow', () => this.#events.overflow());
			});
		}
		return 'dropped';
	}
}
