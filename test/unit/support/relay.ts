import type { BusData } from '../../../src/server/bus/bus.ts';
import type { Processes } from '../../../src/server/bus/processes.ts';
import type {
	AcceptHead,
	CloseCause,
	EngineSocket,
	SocketData,
	SocketEvents
} from '../../../src/server/engine/engine.ts';
import { decodeFrame, type Frame } from '../../../src/server/relay/frames.ts';
import { Relay } from '../../../src/server/relay/relay.ts';
import { RelayEngine } from '../../../src/server/relay/relay-engine.ts';
import type { RemoteExchange } from '../../../src/server/relay/remote-exchange.ts';
import { FakeEngine, FakeSocket } from './engine.ts';
import { FakeExchange, type Asked } from './exchange.ts';

type Listener = (data: BusData, sender: string) => void;

interface Letter {
	from: string;
	to: string;
	data: BusData;
}

/** What processes tell each other, which arrives when it is delivered, or is lost. */
export class Wire {
	readonly #processes = new Map<string, WiredProcesses>();
	readonly #letters: Letter[] = [];
	/** Whether a frame is lost. */
	loses: (frame: Frame) => boolean = () => false;
	/** Everything that was told, lost or not. */
	readonly told: Frame[] = [];

	join(id: string): WiredProcesses {
		const processes = new WiredProcesses(id, this, this.#processes);
		this.#processes.set(id, processes);
		return processes;
	}

	/** A process is gone, as the others see it. */
	leave(id: string): void {
		this.#processes.delete(id);
		for (const processes of this.#processes.values()) processes.left(id);
	}

	send(letter: Letter): void {
		const frame = decodeFrame(letter.data);
		if (frame) this.told.push(frame);
		if (frame === undefined || !this.loses(frame)) this.#letters.push(letter);
	}

	/** Everything, and what is told meanwhile. */
	deliver(): void {
		for (let letter = this.#letters.shift(); letter; letter = this.#letters.shift()) {
			this.#processes.get(letter.to)?.hear(letter.data, letter.from);
		}
	}
}

class WiredProcesses implements Processes {
	readonly id: string;
	readonly #wire: Wire;
	readonly #all: ReadonlyMap<string, WiredProcesses>;
	readonly #leftListeners = new Set<(process: string) => void>();
	#listener: Listener = () => {};

	constructor(id: string, wire: Wire, all: ReadonlyMap<string, WiredProcesses>) {
		this.id = id;
		this.#wire = wire;
		this.#all = all;
	}

	get others(): ReadonlySet<string> {
		return new Set([...this.#all.keys()].filter((id) => id !== this.id));
	}

	greetWith(): void {}

	tell(to: string, _: number, data: BusData): void {
		const copy = typeof data === 'string' ? data : new Uint8Array(data);
		this.#wire.send({ from: this.id, to, data: copy });
	}

	tellAll(): void {}

	listen(_: number, listener: Listener): void {
		this.#listener = listener;
	}

	onLeft(listener: (process: string) => void): () => void {
		this.#leftListeners.add(listener);
		return () => this.#leftListeners.delete(listener);
	}

	hear(data: BusData, sender: string): void {
		this.#listener(data, sender);
	}

	left(process: string): void {
		for (const listener of this.#leftListeners) listener(process);
	}
}

/** What a session hears, in order. */
export class Recorder implements SocketEvents {
	readonly heard: unknown[] = [];
	socket: EngineSocket | undefined;

	open(socket: EngineSocket): void {
		this.socket = socket;
		this.heard.push('open');
	}

	message(data: SocketData): void {
		this.heard.push(data);
	}

	drain(): void {
		this.heard.push('drain');
	}

	overflow(): void {
		this.heard.push('overflow');
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		this.heard.push({ code, reason, ...(cause && { cause }) });
	}
}

/** One process that relays. */
export class RelayingProcess {
	readonly id: string;
	readonly engine = new FakeEngine();
	readonly hub: RelayEngine;
	readonly relay: Relay;
	readonly processes: WiredProcesses;
	readonly errors: unknown[] = [];
	/** What others have relayed to it. */
	readonly exchanges: RemoteExchange[] = [];
	/** What is done with that. */
	decide: (exchange: RemoteExchange, isProbe: boolean) => void | Promise<void> = () => {};

	constructor(id: string, wire: Wire) {
		this.id = id;
		this.processes = wire.join(id);
		const onError = (error: unknown) => void this.errors.push(error);
		this.hub = new RelayEngine(this.engine, 1024 * 1024, onError);
		this.relay = new Relay({
			processes: this.processes,
			hub: this.hub,
			decide: (exchange, isProbe) => {
				this.exchanges.push(exchange);
				return this.decide(exchange, isProbe);
			},
			maxWaiting: 1024 * 1024,
			onError
		});
	}
}

/** Where a client has come to, and where its URL was made. */
export function twoProcesses(): { wire: Wire; outpost: RelayingProcess; home: RelayingProcess } {
	const wire = new Wire();
	const outpost = new RelayingProcess('00000000000a', wire);
	return { wire, outpost, home: new RelayingProcess('00000000000b', wire) };
}

/** A request to upgrade that becomes an open socket at once. */
export class OpeningExchange extends FakeExchange {
	readonly socket = new FakeSocket();

	override accept(head: AcceptHead, events: SocketEvents): boolean {
		const isAccepted = super.accept(head, events);
		this.socket.onClose = (...details) => events.close(...details);
		if (isAccepted) events.open(this.socket);
		return isAccepted;
	}
}

/** A request that is relayed, and the two ends of the socket that it has become. */
export async function relayedSocket(asked: Asked = {}) {
	const { wire, outpost, home } = twoProcesses();
	const session = new Recorder();
	home.decide = (exchange) => void exchange.accept({ headers: [['x-a', '1']] }, session);
	const exchange = new OpeningExchange(asked);
	const outcome = outpost.relay.ask(home.id, exchange, false);
	wire.deliver();
	await turn();
	const [accepted] = exchange.accepted;
	if (accepted === undefined || session.socket === undefined)
		throw new Error('It was not accepted');
	return {
		wire,
		outpost,
		home,
		exchange,
		outcome,
		/** What the client's connection does. */
		client: accepted.events,
		connection: exchange.socket,
		session,
		/** What the session has. */
		socket: session.socket
	};
}

/** What was begun by promises is done. */
export function turn(): Promise<void> {
	return new Promise((done) => void setImmediate(done));
}
