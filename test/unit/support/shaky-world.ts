import { Histories } from '../../../src/server/bus/log/histories.ts';
import type { Bus, BusMessage, BusOptions, CreateBus } from '../../../src/server/bus/bus.ts';
import type { TopicLog } from '../../../src/server/bus/topic-log.ts';
import { Registry } from '../../../src/server/registry/registry.ts';
import { TopicPatterns } from '../../../src/server/topics/patterns.ts';
import { LiveEngine } from './live-engine.ts';
import { FakeLog } from './log.ts';

/** How badly it goes: probabilities, and milliseconds. */
export interface Shakiness {
	random: () => number;
	/** Of a message on the bus. */
	loss?: number;
	/** Of an answer of the log. */
	failure?: number;
	/** At most. */
	delay?: number;
}

/** Processes that have a bus and a log in common, which are slow, lose messages, and change their order. */
export class ShakyWorld {
	readonly shakiness: Shakiness;
	histories = new Histories();
	isLogAway = false;
	readonly #buses = new Set<ShakyBus>();

	constructor(shakiness: Shakiness) {
		this.shakiness = shakiness;
	}

	/** A process that has connected. */
	async start(topics: object, hasLog = true) {
		const registry = new Registry();
		const engine = new LiveEngine();
		const log = new FakeLog();
		const bus: CreateBus = (options) => {
			const made = new ShakyBus(this, options, hasLog);
			this.#buses.add(made);
			return made;
		};
		registry.attach(engine, { bus, log });
		registry.declare(new TopicPatterns(topics));
		const connecting = registry.connect();
		return { registry, engine, log, connecting };
	}

	later(run: () => void): void {
		const { random, delay = 0 } = this.shakiness;
		setTimeout(run, random() * delay);
	}

	publish(topic: string, message: BusMessage, sender: ShakyBus): void {
		const { random, loss = 0 } = this.shakiness;
		const { data } = message;
		const copy = { ...message, data: typeof data === 'string' ? data : new Uint8Array(data) };
		for (const bus of this.#buses) {
			if (bus === sender || !bus.topics.has(topic)) continue;
			if (topic.startsWith('topic/') && random() < loss) continue;
			this.later(() => bus.receive(topic, copy, sender.process));
		}
	}

	get log(): TopicLog {
		return {
			description: 'shaky',
			prepare: () => Promise.resolve(),
			append: (topic, entry, limits) =>
				this.#ask(() => {
					const [numbered] = this.histories.append(topic, [entry], limits);
					if (numbered === undefined) throw new Error('It is not numbered');
					return numbered;
				}),
			read: (topic, after, limits) => this.#ask(() => this.histories.read(topic, after, limits))
		};
	}

	/** The question takes its time, and so does the answer. */
	#ask<T>(run: () => T): Promise<T> {
		const { random, failure = 0 } = this.shakiness;
		return new Promise((resolve, reject) => {
			const fail = () => this.later(() => reject(new Error('The log is away')));
			if (this.isLogAway || random() < failure) return fail();
			// Questions of one process keep their order.
			const answer = run();
			this.later(() => resolve(answer));
		});
	}
}

class ShakyBus implements Bus {
	readonly name = 'shaky';
	readonly description = 'shaky';
	readonly state = 'connected';
	readonly log: TopicLog | undefined;
	readonly topics = new Map<string, number>();
	readonly #world: ShakyWorld;
	readonly #options: BusOptions;

	constructor(world: ShakyWorld, options: BusOptions, hasLog: boolean) {
		this.#world = world;
		this.#options = options;
		this.log = hasLog ? world.log : undefined;
	}

	get process(): string {
		return this.#options.process;
	}

	async open(): Promise<void> {
		this.#options.events.state('connected');
	}

	/** It was away, and nobody heard what was published meanwhile. */
	interrupt(): void {
		this.#options.events.state('reconnecting');
		this.#options.events.state('connected');
	}

	publish(topic: string, message: BusMessage): void {
		this.#world.publish(topic, message, this);
	}

	receive(topic: string, message: BusMessage, sender: string): void {
		if (this.topics.has(topic)) this.#options.events.message(topic, message, sender);
	}

	subscribe(topic: string): void {
		this.topics.set(topic, (this.topics.get(topic) ?? 0) + 1);
	}

	unsubscribe(topic: string): void {
		const count = this.topics.get(topic) ?? 0;
		if (count > 1) this.topics.set(topic, count - 1);
		else this.topics.delete(topic);
	}

	async close(): Promise<void> {
		this.topics.clear();
	}
}
