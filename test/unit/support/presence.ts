import type { BusMessage } from '../../../src/server/bus/bus.ts';
import { Directory } from '../../../src/server/bus/directory.ts';
import { createLocalBus, type LocalHub } from '../../../src/server/bus/local.ts';
import type { SendResult, SocketData } from '../../../src/server/engine/engine.ts';
import type { Follower, OwnClient } from '../../../src/server/socket/kept-topic.ts';
import { fieldsOf, type PresenceChange } from '../../../src/shared/protocol.ts';
import { Presences } from '../../../src/server/topics/presences.ts';
import { FakeLog } from './log.ts';

export const room = { name: 'room', number: 7, framesTopic: 'frames of room' };

/** A socket that keeps what it is sent. */
export class FakeFollower implements Follower {
	readonly readyState = 1;
	readonly bufferedAmount = 0;
	dropped = 0;
	readonly client: OwnClient | undefined;
	readonly frames: PresenceChange[] = [];
	/** What becomes of the next ones; `sent` when there is no more. */
	readonly results: SendResult[] = [];

	constructor(name?: string) {
		this.client = name === undefined ? undefined : { name, positions: new Map() };
	}

	transmitFrame(data: SocketData): SendResult {
		const result = this.results.shift() ?? 'sent';
		if (result === 'dropped') this.dropped += 1;
		else this.frames.push(readPresence(data));
		return result;
	}

	enter(): void {}
	exit(): void {}
	publishRaw(): void {}
	transmit(): SendResult {
		throw new Error('It is told in frames');
	}
}

/** A process alone, with what it tells everybody on the topic of frames. */
export function alone() {
	const told: PresenceChange[] = [];
	const presences = new Presences('aaaaaaaaaaaa', (engineTopic, frame) => {
		if (engineTopic === room.framesTopic) told.push(readPresence(frame));
	});
	/** A client of ours comes to the room. */
	const come = (id?: string, info?: unknown, follower = new FakeFollower('own')) => {
		if (id !== undefined) presences.come(room, follower, { id, json: JSON.stringify(info) });
		presences.welcome(room, follower);
		return follower;
	};
	return { presences, told, come, ids: () => presences.people('room').map(({ id }) => id) };
}

export function readPresence(data: SocketData): PresenceChange {
	const [number, change = ''] = fieldsOf(String(data), 2);
	if (number !== String(room.number)) throw new Error(`This is about topic ${number}`);
	return JSON.parse(change) as PresenceChange;
}

/** What a page shows that has had these frames. */
export function shownBy(frames: readonly PresenceChange[]): Map<string, unknown> {
	const people = new Map<string, unknown>();
	for (const change of frames) {
		if ('all' in change) people.clear();
		const joined = 'all' in change ? change.all : (change.joined ?? []);
		const left = 'all' in change ? [] : (change.left ?? []);
		for (const { id, info } of joined) people.set(id, info);
		for (const id of left) people.delete(id);
	}
	return people;
}

/** A process on a hub, with a client of ours in the room that shows who is there. */
export class PresentProcess {
	readonly id: string;
	readonly presences: Presences;
	readonly directory: Directory;
	readonly log = new FakeLog();
	readonly errors: unknown[] = [];
	/** Whether a message of another process is lost on its way here. */
	loses: (message: BusMessage, sender: string) => boolean = () => false;
	/** Its messages, in order. */
	readonly said: BusMessage[] = [];
	readonly #frames: PresenceChange[] = [];
	readonly #watcher = new FakeFollower('own');
	readonly #bus;
	#isKilled = false;

	constructor(hub: LocalHub, id: string) {
		this.id = id;
		this.#bus = createLocalBus(
			hub,
			{
				process: id,
				events: {
					message: (_, message, sender) => this.#receive(message, sender),
					state: () => this.directory.hello(),
					left: () => {}
				}
			},
			this.log
		);
		const { subscribe, unsubscribe, publish } = this.#bus;
		this.directory = new Directory(
			id,
			{
				subscribe: subscribe.bind(this.#bus),
				unsubscribe: unsubscribe.bind(this.#bus),
				publish: (topic, message) => {
					if (this.#isKilled) return;
					this.said.push(message);
					publish.call(this.#bus, topic, message);
				}
			},
			this.log
		);
		this.presences = new Presences(id, (_, frame) => void this.#frames.push(readPresence(frame)));
		this.presences.attach(this.directory);
		this.presences.welcome(room, this.#watcher);
	}

	async open(): Promise<this> {
		this.directory.open();
		await this.#bus.open();
		return this;
	}

	get isKilled(): boolean {
		return this.#isKilled;
	}

	/** Who is there, with info. */
	get people(): [string, unknown][] {
		return this.presences.people('room').map(({ id, info }) => [id, info]);
	}

	/** Who is there, to a page. */
	get shown(): Map<string, unknown> {
		return shownBy([...this.#watcher.frames, ...this.#frames]);
	}

	/** Somebody comes, or is seen otherwise. */
	come(id: string, info?: unknown, follower = new FakeFollower()): FakeFollower {
		this.presences.come(room, follower, { id, json: JSON.stringify(info) });
		return follower;
	}

	leave(follower: FakeFollower, hasEnded = true): void {
		this.presences.leave(room, follower, hasEnded);
	}

	/** Nothing is heard of it any more, and it hears nothing. */
	kill(): void {
		this.#isKilled = true;
	}

	#receive(message: BusMessage, sender: string): void {
		if (this.#isKilled || this.loses(message, sender)) return;
		try {
			this.directory.receive(message, sender);
		} catch (error) {
			this.errors.push(error);
		}
	}
}
