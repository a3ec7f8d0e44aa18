import type { CloseCause, EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import { beat, isBeat } from '../../shared/heartbeat.ts';
import { createPeer } from './checked-peer.ts';
import type { AnyHandler } from './handler.ts';
import { Hooks } from './hooks.ts';
import { MessageError, validate } from './incoming.ts';
import { Message } from './message.ts';
import { goingAway, type Peer } from './peer.ts';
import type { Reply } from './reply.ts';
import type { SessionClient, SessionOptions, SessionStart } from './session-options.ts';
import { Turns } from './turns.ts';
import type { CloseDetails } from './types.ts';

/** Bytes that a message takes while it waits, besides its own: many small ones are as good as a large one. */
const overhead = 256;

/** One socket's life: `open`, then messages in order, then `close` exactly once, whatever the hooks do. */
export class Session implements SocketEvents {
	readonly #options: SessionOptions;
	readonly #turns = new Turns(this);
	#start: SessionStart | undefined;
	#live: { peer: Peer; hooks: Hooks; socket: EngineSocket } | undefined;
	#isOpen = false;
	/** What still comes from the client is not for the app. */
	#isDeaf = false;
	/** How it has ended, until the `close` hook is called. */
	#ending: CloseDetails | undefined;
	/** The client wants to see a heartbeat. */
	#hasBeats = false;

	constructor(options: SessionOptions, start: SessionStart) {
		this.#options = options;
		this.#start = start;
	}

	/** Looked up anew for each event: the handler of a path may be replaced while sockets are open. */
	get #handler(): AnyHandler {
		return this.#options.route.handler;
	}

	open(socket: EngineSocket): void {
		if (this.#start === undefined) return;
		const { identity, heartbeat, isTold = false, client } = this.#start;
		this.#start = undefined;
		const { route, context, settings } = this.#options;
		const { registry } = settings;
		if (heartbeat !== undefined) {
			this.#hasBeats = true;
			if (client === undefined) socket.send(beat + heartbeat, false);
		}
		const peer = createPeer(socket, identity, this.#options);
		peer.isTold = isTold;
		peer.client = client;
		peer.kept = context;
		const hooks = new Hooks(peer, this.#options);
		this.#live = { peer, hooks, socket };
		context.begin(peer);
		registry.add(peer);
		route.members?.join(peer, socket);
		context.run(() => {
			if (client?.resumed) this.#turns.take(() => client.resumed);
			this.#turns.take(() => {
				const opened = hooks.call('open', () => this.#handler.open?.(peer));
				if (opened instanceof Promise) return opened.then((isFine) => this.#opened(isFine, client));
				this.#opened(opened, client);
				return undefined;
			});
		});
	}

	/** Absent before `open`. */
	get peer(): Peer | undefined {
		return this.#live?.peer;
	}

	message(data: SocketData): void {
		if (this.#isDeaf) return;
		if (this.#hasBeats && isBeat(data)) {
			// Somebody is here, and not everything has reached the app yet.
			const isHeard = this.#isOpen && !this.#turns.areWaiting;
			const hasStayed = data.startsWith(`${beat}-`);
			if (!hasStayed) this.#live?.socket.send(isHeard ? data : beat + '0', false);
			// There is no other server yet.
			else if (this.#live?.peer.isParting) this.#live.peer.close(1001, goingAway);
		} else {
			this.receive(data);
		}
	}

	/** A message for the app. @param reply if somebody waits for one */
	receive(data: SocketData, reply?: Reply): void {
		if (this.#isDeaf) return;
		this.#options.context.run(() => this.#receive(data, reply));
	}

	pong(data: Uint8Array): void {
		if (this.#live === undefined) return;
		const { peer, hooks } = this.#live;
		const listeners = peer.listeners('pong');
		if (listeners.length === 0) return;
		this.#options.context.run(() => hooks.tell(listeners, () => ({ type: 'pong', data })));
	}

	drain(): void {
		if (this.#live) this.#options.settings.registry.drained(this.#live.peer);
		if (this.#isOpen) this.#options.context.run(() => this.#drained());
		else this.#turns.take(() => this.#drained());
	}

	overflow(): void {
		if (this.#live === undefined) return;
		const { route, settings } = this.#options;
		const { log, closeOnBackpressureLimit } = settings;
		const { socket } = this.#live;
		const value = `${route.id}, ${socket.bufferedAmount} bytes are queued for it`;
		if (closeOnBackpressureLimit) {
			log.warn('A slow peer is closed at websocket.maxBackpressure, to come back', value);
			socket.close(1013, 'Too slow', 'backpressure');
		} else {
			log.warn('A slow peer loses messages above websocket.maxBackpressure', value);
		}
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		if (this.#live === undefined || this.#live.peer.readyState === 3) return;
		const { peer, hooks } = this.#live;
		const { route, context, settings } = this.#options;
		const { registry, log, maxPayload } = settings;
		const details = { code, reason, ...(cause && { cause }) };
		this.#ending = details;
		if (cause === 'too_big') {
			log.warn(
				'A message above websocket.maxPayload has ended its socket',
				`${route.id}, ${maxPayload} bytes`
			);
		}
		registry.remove(peer);
		route.members?.leave(peer);
		context.run(() => {
			peer.markClosed();
			if (!this.#turns.isBusy) return this.onIdle();
			// The hook waits; whoever listens has something to give up now.
			hooks.tell(peer.takeListeners('close'), () => ({ type: 'close', ...details }));
		});
	}

	#opened(isFine: boolean, client: SessionClient | undefined): void {
		this.#isOpen = true;
		if (isFine) return client?.opened();
		this.#isDeaf = true;
		this.#turns.clear();
		this.#live?.peer.close(1011, 'The socket could not be opened');
	}

	#receive(data: SocketData, reply: Reply | undefined): void {
		const { ordered, incoming } = this.#handler;
		if (this.#turns.isBusy || ordered || incoming) this.#wait(data, reply);
		else void this.#deliver(data, reply);
	}

	/** A message that has to wait, or that others may have to wait for. */
	#wait(data: SocketData, reply: Reply | undefined): void {
		const { route, settings } = this.#options;
		const { maxWaiting, log } = settings;
		const bytes = Buffer.byteLength(data) + overhead;
		if (!this.#turns.isBusy || this.#turns.bytes + bytes <= maxWaiting) {
			this.#turns.take(() => this.#deliver(data, reply), bytes);
			return;
		}
		this.#isDeaf = true;
		const hook = this.#isOpen ? 'message' : 'open';
		log.warn(`A socket sent too much while its ${hook} hook was not done`, route.id);
		this.#live?.peer.close(1008, 'Too many messages are waiting');
	}

	/** @returns when the next message may follow, if it has to wait */
	#deliver(data: SocketData, reply: Reply | undefined): Promise<unknown> | undefined {
		const message = new Message(data);
		const { incoming } = this.#handler;
		if (incoming === undefined) return this.#hear(message, reply);
		let heard: Promise<unknown> | undefined;
		const checked = this.#live?.hooks.call(
			'message',
			() => validate(incoming, message, this.#options.route.id),
			{
				answer: (result: Message | MessageError) => {
					if (result instanceof MessageError) this.#refuse(result, reply);
					else heard = this.#hear(result, reply);
				},
				fail: (error) => reply?.fail(error) ?? false
			}
		);
		return checked instanceof Promise ? checked.then(() => heard) : heard;
	}

	#refuse(error: MessageError, reply: Reply | undefined): void {
		if (reply) reply.refuse(400, error.summary);
		else this.#live?.peer.client?.refused(error.issues);
		this.#live?.hooks.refused(error);
	}

	/** @returns when the next message may follow, if it has to wait */
	#hear(message: Message, reply: Reply | undefined): Promise<unknown> | undefined {
		if (this.#live === undefined) return undefined;
		const { peer, hooks } = this.#live;
		const handler = this.#handler;
		// As in a browser: who is added amid an event does not get that one.
		const listeners = peer.listeners('message');
		if (reply && handler.message === undefined) reply.refuse(501, 'Nothing here answers requests');
		const answer = handler.message && reply;
		const called = hooks.call('message', () => handler.message?.(peer, message), answer);
		const told = hooks.tell(listeners, () => ({ type: 'message', data: message.data, message }));
		return handler.ordered ? allOf([called, ...told]) : undefined;
	}

	#drained(): undefined {
		if (this.#live === undefined || this.#isDeaf) return;
		const { peer, hooks } = this.#live;
		void hooks.call('drain', () => this.#handler.drain?.(peer));
		hooks.tell(peer.listeners('drain'), () => ({ type: 'drain' }));
	}

	/** Everything before it is done: the `close` hook, if it has ended. */
	onIdle(): void {
		const details = this.#ending;
		if (this.#live === undefined || details === undefined) return;
		this.#ending = undefined;
		const { peer, hooks } = this.#live;
		const listeners = peer.takeListeners('close');
		void hooks.call('close', () => this.#handler.close?.(peer, details));
		hooks.tell(listeners, () => ({ type: 'close', ...details }));
	}
}

/** @returns undefined if there is nothing to wait for */
function allOf(results: (boolean | Promise<boolean>)[]): Promise<unknown> | undefined {
	const pending = results.filter((result) => result instanceof Promise);
	return pending.length === 0 ? undefined : Promise.all(pending);
}
