import type { Bus, BusEvents, BusMessage, BusState, CreateBus } from '../bus/bus.ts';
import { Directory } from '../bus/directory.ts';
import type { Log } from '../log.ts';

/** What stands before the topics of an app, so that none of them is one of ours. */
const topicPrefix = 'topic/';

export interface OthersOptions {
	/** The id of this process. */
	process: string;
	bus: CreateBus;
	log: Log | undefined;
}

/** The other processes that serve the same app, as the registry sees them. */
export class Others implements BusEvents {
	readonly directory: Directory;
	readonly #bus: Bus;
	readonly #log: Log | undefined;
	#wasAway = false;

	constructor({ process, bus, log }: OthersOptions) {
		this.#bus = bus({ process, events: this });
		this.directory = new Directory(process, this.#bus);
		this.#log = log;
	}

	async open(): Promise<void> {
		this.directory.open();
		await this.#bus.open();
	}

	async close(): Promise<void> {
		this.directory.close();
		await this.#bus.close();
	}

	message(topic: string, message: BusMessage, sender: string): void {
		if (!topic.startsWith(topicPrefix)) this.directory.receive(message, sender);
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
}
