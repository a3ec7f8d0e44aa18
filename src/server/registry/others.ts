import type { Bus, BusData, BusEvents, BusMessage, BusState, CreateBus } from '../bus/bus.ts';
import { Directory } from '../bus/directory.ts';
import { kinds } from '../bus/kinds.ts';
import type { Entry, TopicLog } from '../bus/topic-log.ts';
import type { Log } from '../log.ts';
import type { Topic } from '../topics/topic.ts';
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
import { readNumbered, writeNumbered } from './numbered-letters.ts';
import type { CloseReach } from './websockets.ts';

/** What stands before the topics of an app, so that none of them is one of ours. */
const topicPrefix = 'topic/';

export interface OthersOptions {
	/** The id of this process. */
	process: string;
	bus: CreateBus;
	/** What they reach. */
	here: Here;
	/** The topic, if more is kept of it than who is on it. */
	kept: (topic: string) => Pick<Topic, 'receive' | 'receiveNumbered' | 'passVolatile'> | undefined;
	/** They were out of reach, and are not any more. */
	onBack: () => void;
	/** The topics that somebody here is on, each as often as there is somebody. */
	wanted: () => Iterable<string>;
	log: Log | undefined;
}

/** The other processes that serve the same app, as the registry sees them. */
export class Others implements BusEvents, Interest {
	readonly directory: Directory;
	readonly #options: OthersOptions;
	readonly #counts: Counts;
	/** The kinds of messages that were complained about: whoever sends one sends many. */
	readonly #strange = new Set<number>();
	/** Absent while it is not open. */
	#bus: Bus | undefined;
	#opening: Promise<void> | undefined;
	#wasAway = false;

	constructor(options: OthersOptions) {
		const { process, here, log } = options;
		this.#options = options;
		this.directory = new Directory(
			process,
			{
				publish: (topic, message) => this.#bus?.publish(topic, message),
				subscribe: (topic) => this.#bus?.subscribe(topic),
				unsubscribe: (topic) => this.#bus?.unsubscribe(topic)
			},
			log
		);
		this.directory.listen(kinds.send, (data) => here.send(readLetter(data)));
		this.directory.listen(kinds.closePeer, (data) => {
			const { id, code, reason } = readCloseOrder(data);
			if (id !== undefined) here.close(code, reason, { id });
		});
		this.#counts = new Counts(this.directory, (topic) => here.count(topic));
	}

	/** What they are reached by, for the log; undefined while it is not open. */
	get description(): string | undefined {
		return this.#bus?.description;
	}

	/** The one place that numbers what topics remember, where there is one. */
	get log(): TopicLog | undefined {
		return this.#bus?.log;
	}

	/** @returns when the first attempt to connect has ended */
	open(): Promise<void> {
		return (this.#opening ??= this.#open());
	}

	/** May be opened again. */
	async close(): Promise<void> {
		const bus = this.#bus;
		this.directory.close();
		this.#bus = undefined;
		this.#opening = undefined;
		await bus?.close();
	}

	async #open(): Promise<void> {
		const { process, bus, wanted } = this.#options;
		this.#wasAway = false;
		this.#bus = bus({ process, events: this });
		this.directory.open();
		for (const topic of wanted()) this.subscribe(topic);
		await this.#bus.open();
	}

	subscribe(topic: string): void {
		this.#bus?.subscribe(topicPrefix + topic);
	}

	unsubscribe(topic: string): void {
		this.#bus?.unsubscribe(topicPrefix + topic);
	}

	publish(topic: string, data: BusData, compress: boolean): void {
		const kind = compress ? kinds.publishCompressed : kinds.publish;
		this.#bus?.publish(topicPrefix + topic, { kind, data });
	}

	publishVolatile(topic: string, data: BusData, compress: boolean): void {
		const kind = compress ? kinds.publishVolatileCompressed : kinds.publishVolatile;
		this.#bus?.publish(topicPrefix + topic, { kind, data });
	}

	publishNumbered(topic: string, epoch: string, entry: Entry): void {
		const data = writeNumbered(epoch, entry);
		this.#bus?.publish(topicPrefix + topic, { kind: kinds.publishNumbered, data });
	}

	/** To a peer of another process. What is no id is nobody's. */
	send(letter: Letter): void {
		this.#tellOwner(letter.id, kinds.send, () => writeLetter(letter));
	}

	/** Those of the others who have the id, or are on the topic. */
	closePeers(code: number, reason: string, { id, topic }: CloseReach): void {
		const order: CloseOrder = { code, reason, ...(id !== undefined && { id }) };
		const data = JSON.stringify(order);
		if (id === undefined) this.#bus?.publish(topicPrefix + topic, { kind: kinds.closeTopic, data });
		else this.#tellOwner(id, kinds.closePeer, () => data);
	}

	/** How many peers the others have. Nobody is asked while nobody would hear it. */
	async count(topic: string | undefined, timeout: number): Promise<number> {
		return this.#bus?.state === 'connected' ? this.#counts.ask(topic, timeout) : 0;
	}

	message(topic: string, message: BusMessage, sender: string): void {
		try {
			if (topic.startsWith(topicPrefix)) this.#receive(topic.slice(topicPrefix.length), message);
			else this.directory.receive(message, sender);
		} catch (error) {
			if (this.#strange.has(message.kind)) return;
			this.#strange.add(message.kind);
			const what = `A message of kind ${message.kind} from another process (${sender}) is ignored`;
			this.#options.log?.error(what, error);
		}
	}

	state(state: BusState, reason?: string): void {
		if (state === 'connected') {
			if (this.#wasAway) {
				const by = this.description;
				this.#options.log?.info(`Other processes can be reached again by ${by}`);
				this.#options.onBack();
			}
			this.directory.hello();
		} else if (state === 'reconnecting') {
			this.#wasAway = true;
			this.#options.log?.warn(
				`Other processes cannot be reached by ${this.description}, and this one goes on alone until they can`,
				reason
			);
		}
	}

	left(sender: string): void {
		this.directory.left(sender);
	}

	#receive(topic: string, { kind, data }: BusMessage): void {
		const { here, kept } = this.#options;
		if (kind === kinds.publish) this.#published(topic, data, false);
		else if (kind === kinds.publishCompressed) this.#published(topic, data, true);
		else if (kind === kinds.publishVolatile) this.#publishedVolatile(topic, data, false);
		else if (kind === kinds.publishVolatileCompressed) this.#publishedVolatile(topic, data, true);
		else if (kind === kinds.publishNumbered) {
			const { epoch, entry } = readNumbered(data);
			const found = kept(topic);
			if (found) found.receiveNumbered(epoch, entry);
			else here.publish(topic, entry.data, entry.compress);
		} else if (kind === kinds.closeTopic) {
			const { code, reason } = readCloseOrder(data);
			here.close(code, reason, { topic });
		}
	}

	#publishedVolatile(topic: string, data: BusData, compress: boolean): void {
		const { here, kept } = this.#options;
		const found = kept(topic);
		if (found) found.passVolatile(data, compress);
		else here.publishVolatile(topic, data, compress);
	}

	#published(topic: string, data: BusData, compress: boolean): void {
		const { here, kept } = this.#options;
		const found = kept(topic);
		if (found) found.receive(data, compress);
		else here.publish(topic, data, compress);
	}

	#tellOwner(id: string, kind: number, write: () => BusData): void {
		const owner = processOf(id);
		if (owner === undefined || owner === this.#options.process) return;
		this.directory.tell(owner, kind, write());
	}
}
