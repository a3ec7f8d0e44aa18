import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SharedLog } from '../log/shared-log.ts';
import type { Transport, TransportEvents } from '../transport.ts';
import type { Candidate } from './candidate.ts';
import { Connection } from './connection.ts';
import { RouterLog } from './log-link.ts';
import {
	channelsPacket,
	framePacket,
	maxFrame,
	openFrame,
	packetTypes,
	textPacket,
	type Packet
} from './packets.ts';

export interface ClusterOptions {
	/** The id of this process. */
	readonly process: string;
	/** Where the router listens. */
	readonly place: string;
	/** Absent where the primary runs the router. */
	readonly candidate?: Candidate;
}

/** Milliseconds between attempts to connect, and where they grow to. */
const firstPause = 10;
const longestPause = 1000;

/** Milliseconds that the router may take to answer: one that hangs is connected to by the system. */
const patience = 1500;

/** The way to the other workers of one machine, by a router on a socket that is private to the user. */
export class ClusterTransport implements Transport {
	readonly name = 'cluster';
	readonly description = 'the cluster of workers';
	readonly maxFrame = maxFrame;
	readonly log = new SharedLog('the process that carries messages between the workers');
	readonly #options: ClusterOptions;
	#events: TransportEvents | undefined;
	/** The way to the router, from its welcome on. */
	#router: Connection | undefined;
	#routerLog: RouterLog | undefined;
	#isClosed = false;
	/** `disconnected` was told, and `connected` not since. */
	#isAway = false;
	#pause = firstPause;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: ClusterOptions) {
		this.#options = options;
	}

	async open(events: TransportEvents): Promise<void> {
		this.#events = events;
		await this.#connect();
	}

	publish(channel: string, frame: Uint8Array): void {
		this.#router?.send(...framePacket(channel, frame));
	}

	listen(channels: readonly string[]): void {
		this.#router?.send(...channelsPacket(packetTypes.listen, channels));
	}

	unlisten(channels: readonly string[]): void {
		this.#router?.send(...channelsPacket(packetTypes.unlisten, channels));
	}

	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.log.disconnected();
		clearTimeout(this.#timer);
		await this.#router?.close(patience);
		this.#options.candidate?.close();
	}

	/** One attempt, and others later where it fails. */
	async #connect(): Promise<void> {
		const { place, candidate } = this.#options;
		try {
			candidate?.look();
			const socket = await reach(place).catch(async (error: unknown) => {
				if (candidate === undefined || !isNobody(error)) throw error;
				await candidate.stand();
				return reach(place);
			});
			await this.#greet(socket);
		} catch (error) {
			this.#fail(error);
		}
	}

	/** @throws what has ended the connection before its welcome */
	#greet(socket: Socket): Promise<void> {
		return new Promise((resolve, reject) => {
			const late = setTimeout(
				() => socket.destroy(new Error('The router of the workers does not answer')),
				patience
			);
			let router: string | undefined;
			const connection = new Connection(socket, {
				packet: (packet) => {
					if (packet.type !== packetTypes.welcome) return this.#receive(packet);
					clearTimeout(late);
					router = packet.body.toString();
					this.#welcome(connection);
					resolve();
				},
				ended: (reason) => {
					clearTimeout(late);
					if (router === undefined) reject(reason);
					else this.#lose(router, reason);
				}
			});
			connection.send(textPacket(packetTypes.hello, this.#options.process));
		});
	}

	#welcome(connection: Connection): void {
		if (this.#isClosed) return connection.destroy();
		this.#router = connection;
		this.#isAway = false;
		this.#pause = firstPause;
		this.#routerLog = new RouterLog(connection);
		this.log.connected(this.#routerLog);
		this.#events?.connected();
	}

	#receive({ type, body }: Packet): void {
		if (this.#isClosed) return;
		if (type === packetTypes.answer) this.#routerLog?.receive(body);
		if (type === packetTypes.left) this.#events?.left(body.toString());
		if (type !== packetTypes.frame) return;
		const { channel, frame } = openFrame(body);
		this.#events?.frame(channel, frame);
	}

	/** @param router the process that ran it, if that is a worker: nobody else is there to say that it is gone */
	#lose(router: string, reason: Error): void {
		this.#router = undefined;
		this.log.disconnected();
		if (this.#isClosed) return;
		this.#fail(reason);
		if (router !== '') this.#events?.left(router);
	}

	#fail(reason: unknown): void {
		if (this.#isClosed) return;
		if (!this.#isAway) {
			this.#isAway = true;
			this.#events?.disconnected(reason);
		}
		// By chance: those who have lost the same router are not to come in step.
		this.#timer = setTimeout(
			() => void this.#connect(),
			this.#pause * (0.5 + Math.random())
		).unref();
		this.#pause = Math.min(2 * this.#pause, longestPause);
	}
}

/** @throws the system's error */
async function reach(place: string): Promise<Socket> {
	const socket = connect(place);
	socket.unref();
	await once(socket, 'connect');
	return socket;
}

/** Nobody listens there, or nothing is there at all. */
function isNobody(error: unknown): boolean {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'ENOENT' || code === 'ECONNREFUSED';
}
