import type { Bus, BusData, BusEvents, BusMessage, BusState, CreateBus } from '../bus/bus.ts';
import { Directory } from '../bus/directory.ts';
import { kinds } from '../bus/kinds.ts';
import type { Log } from '../log.ts';
import { Counts } from './counts.ts';
import type { Here } from './here.ts';
import { processOf } from './ids.ts';
import type { Interest } from './interest.ts';
import {
	readCloseOrder,
	readLetter,
	writeLetter,
	type CloseOrder,
	type Letter
} from './letters.ts';
import type { CloseReach } from './websockets.ts';

/** What stands before the topics of an app, so that none of them is one of ours. */
const topicPrefix = 'topic/';

export interface OthersOptions {
	/** The id of this process. */
	process: string;
	bus: CreateBus;
	/** What they reach. */
	here: Here;
	log: Log | undefined;
}

/** The other processes that serve the same app, as the registry sees them. */
export class Others implements BusEvents, Interest {
	readonly directory: Directory;
	readonly #process: string;
	readonly #here: Here;
	readonly #bus: Bus;
	readonly #log: Log | undefined;
	readonly #counts: Counts;
	/** The kinds of messages that were complained about: whoever sends one sends many. */
	readonly #strange = new Set<number>();
	#wasAway = false;

	constructor({ process, bus, here, log }: OthersOptions) {
		this.#process = process;
		this.#here = here;
		this.#log = log;
		this.#bus = bus({ process, events: this });
		this.directory = new Directory(process, this.#bus, log);
		this.directory.listen(kinds.send, (data) => here.send(readLetter(data)));
		this.directory.listen(kinds.closePeer, (data) => {
			const { id, code, reason } = readCloseOrder(data);
			if (id !== undefined) here.close(code, reason, { id });
		});
		this.#counts = new Counts(this.directory, (topic) => here.count(topic));
	}

	/** What they are reached by, for the log. */
	get description(): string {
		return this.#bus.description;
	}

	async open(): Promise<void> {
		this.directory.open();
		await this.#bus.open();
	}

	async close(): Promise<void> {
		this.directory.close();
		this.#counts.close();
		await this.#bus.close();
	}

	subscribe(topic: string): void {
		this.#bus.subscribe(topicPrefix + topic);
	}

	unsubscribe(topic: string): void {
		this.#bus.unsubscribe(topicPrefix + topic);
	}

	publish(topic: string, data: BusData, compress: boolean): void {
		const kind = compress ? kinds.publishCompressed : kinds.publish;
		this.#bus.publish(topicPrefix + topic, { kind, data });
	}

	/** To a peer of another process. What is no id is nobody's. */
	send(letter: Letter): void {
		this.#tellOwner(letter.id, kinds.send, () => writeLetter(letter));
	}

	/** Those of the others who have the id, or are on the topic. */
	closePeers(code: number, reason: string, { id, topic }: CloseReach): void {
		const order: CloseOrder = { code, reason, ...(id !== undefined && { id }) };
		const data = JSON.stringify(order);
		if (id === undefined) this.#bus.publish(topicPrefix + topic, { kind: kinds.closeTopic, data });
		else this.#tellOwner(id, kinds.closePeer, () => data);
	}

	/** How many peers the others have. Nobody is asked while nobody would hear it. */
	async count(topic: string | undefined, timeout: number): Promise<number> {
		return this.#bus.state === 'connected' ? this.#counts.ask(topic, timeout) : 0;
	}

	message(topic: string, message: BusMessage, sender: string): void {
		try {
			if (topic.startsWith(topicPrefix)) this.#receive(topic.slice(topicPrefix.length), message);
			else this.directory.receive(message, sender);
		} catch (error) {
			if (this.#strange.has(message.kind)) return;
			this.#strange.add(message.kind);
			const what = `A message of kind ${message.kind} from another process (${sender}) is ignored`;
			this.#log?.error(what, error);
		}
	}

	state(state: BusState, reason?: string): void {
		if (state === 'connected') {
			if (this.#wasAway)
				this.#log?.info(`Other processes can be reached again by ${this.#bus.description}`);
			this.directory.hello();
		} else if (state === 'reconnecting') {
			this.#wasAway = true;
			this.#log?.warn(
				`Other processes cannot be reached by ${this.#bus.description}, and this one goes on alone until they can`,
				reason
			);
		}
	}

	left(sender: string): void {
		this.directory.left(sender);
	}

	#receive(topic: string, { kind, data }: BusMessage): void {
		if (kind === kinds.publish) this.#here.publish(topic, data, false);
		else if (kind === kinds.publishCompressed) this.#here.publish(topic, data, true);
		else if (kind === kinds.closeTopic) {
			const { code, reason } = readCloseOrder(data);
			this.#here.close(code, reason, { topic });
		}
	}

	#tellOwner(id: string, kind: number, write: () => BusData): void {
		const owner = processOf(id);
		if (owner === undefined || owner === this.#process) return;
		this.directory.tell(owner, kind, write());
	}
}
