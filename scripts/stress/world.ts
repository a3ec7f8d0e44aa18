import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runRedis, type RunningRedis } from '../../test/support/redis.ts';
import { Checker } from './checker.ts';
import { Instance } from './instance.ts';
import { expectNoTopics, findLeftovers } from './leftovers.ts';
import { Member } from './member.ts';
import { descriptorsOf } from './processes.ts';
import type { Random } from './random.ts';
import { until } from './until.ts';

/** How many there are of each. */
const size = { instances: 2, workers: 2, members: 16, topics: 6, topicsEach: 3 };

/** Messages that a member publishes in one go, at most. */
const mostAtOnce = 5;

/** Milliseconds between two rounds of messages while something goes on. */
const rhythm = 20;

/** Milliseconds until everybody hears everybody again. */
const patience = 60_000;

/** Whether what one publishes has to reach another. */
type Owes = (from: Member, to: Member) => boolean;

/** Instances with workers over a broker, and members on their topics who publish to each other. */
export class World implements AsyncDisposable {
	readonly random: Random;
	readonly checker = new Checker();
	readonly redis: RunningRedis;
	readonly instances: Instance[] = [];
	readonly members: Member[] = [];
	readonly topics = Array.from({ length: size.topics }, (_, index) => `stress ${index}`);
	readonly #run = randomUUID();
	/** How many each process had before anybody came. */
	readonly #descriptors = new Map<number, number>();
	readonly #folder = mkdtempSync(join(tmpdir(), 'stress-'));

	private constructor(random: Random, redis: RunningRedis) {
		this.random = random;
		this.redis = redis;
	}

	static async create(random: Random, engine: string): Promise<World> {
		const world = new World(random, await runRedis());
		try {
			await world.#populate(engine);
		} catch (error) {
			await world[Symbol.asyncDispose]();
			throw error;
		}
		return world;
	}

	async #populate(engine: string): Promise<void> {
		const options = { run: this.#run, folder: this.#folder, engine, workers: size.workers };
		for (let number = 1; number <= size.instances; number += 1) {
			const busUrl = this.redis.url;
			this.instances.push(await Instance.start(`instance ${number}`, { ...options, busUrl }));
		}
		await this.#warmUp();
		for (let seat = 1; seat <= size.members; seat += 1) {
			const instance = this.instances[seat % this.instances.length] as Instance;
			const member = new Member(`member ${seat}`, instance, this.checker);
			const topics = this.random.shuffle(this.topics).slice(0, size.topicsEach);
			for (const topic of topics) member.topics.add(topic);
			this.members.push(member);
			await member.open();
		}
		await this.converge();
	}

	/** What a process opens once, it has opened: each has probably had a visitor. */
	async #warmUp(): Promise<void> {
		for (const instance of this.instances) {
			const visitors = Array.from(
				{ length: 8 },
				(_, index) => new Member(`visitor ${index}`, instance, this.checker)
			);
			for (const visitor of visitors) await visitor.open();
			for (const visitor of visitors) await visitor.close();
		}
		const workers = this.instances.flatMap((instance) => instance.workers);
		for (const pid of workers) this.#descriptors.set(pid, descriptorsOf(pid));
	}

	/** The processes in which members are. */
	get processes(): number[] {
		return [...new Set(this.members.filter(({ isOpen }) => isOpen).map(({ pid }) => pid))];
	}

	/** Nothing is broken: everything arrives. */
	async calm(rounds: number): Promise<void> {
		for (let round = 0; round < rounds; round += 1) {
			this.publish(() => true);
			await sleep(this.random.between(0, 5));
		}
		await this.settle();
	}

	/** Publish for as long as something goes on. @param owes what has to arrive in spite of that */
	async during(action: () => Promise<unknown>, owes: Owes): Promise<void> {
		let isOver = false;
		const done = action().finally(() => (isOver = true));
		while (!isOver) {
			this.publish(owes);
			await sleep(rhythm);
		}
		await done;
		await this.settle();
	}

	/** Everybody publishes a few messages to one topic. */
	publish(owes: Owes): void {
		for (const from of this.random.shuffle(this.members)) {
			const topics = [...from.topics];
			if (topics.length === 0 || !from.isOpen) continue;
			const topic = this.random.pick(topics);
			const count = this.random.between(1, mostAtOnce);
			for (let index = 0; index < count; index += 1) this.#send(from, topic, owes);
		}
	}

	/** What is owed has arrived, or is lost. */
	async settle(): Promise<void> {
		await until(() => this.checker.missing === 0);
		this.checker.close();
	}

	/** Open again who has been cut off, and wait until everybody hears everybody. */
	async converge(): Promise<void> {
		await Promise.all(this.members.filter(({ isOpen }) => !isOpen).map((each) => each.open()));
		let last = '';
		const since = this.#sayAll();
		const isWhole = await until(() => {
			last = this.#firstUnheard(since) ?? '';
			if (last !== '') this.#sayAll();
			return last === '';
		}, patience);
		if (!isWhole) this.checker.fault(`After ${patience / 1000} seconds ${last}`);
		for (const { topics, settled } of this.members) for (const topic of topics) settled.add(topic);
	}

	/** Nobody is there any more, and nothing is left of anybody. */
	async leave(): Promise<void> {
		await Promise.all(this.members.map((member) => member.close()));
		const topics = await expectNoTopics(this.redis);
		if (topics) this.checker.fault(topics);
		for (const [pid, before] of this.#descriptors) {
			if (await until(() => descriptorsOf(pid) <= before)) continue;
			const now = descriptorsOf(pid);
			this.checker.fault(`A process has ${now} descriptors open, and had ${before} before`);
		}
		for (const instance of this.instances) {
			const code = await instance.end('SIGTERM');
			if (code !== 0) this.checker.fault(`${instance.name} has ended with ${code}`);
		}
		for (const left of await findLeftovers(this.redis, this.#run, this.#folder))
			this.checker.fault(left);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const member of this.members) await member.close();
		for (const instance of this.instances) {
			for (const pid of instance.workers) resume(pid);
			await instance.end('SIGKILL');
		}
		await this.redis[Symbol.asyncDispose]();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	#send(from: Member, topic: string, owes: Owes): void {
		const isOwed = (to: Member) =>
			to !== from &&
			to.isOpen &&
			to.settled.has(topic) &&
			from.settled.has(topic) &&
			owes(from, to);
		const owed = this.members.filter(isOwed).map(({ name }) => name);
		from.publish(this.checker.publish(from.name, topic, owed));
	}

	/** @returns which message each has said on each topic */
	#sayAll(): Map<string, number> {
		const said = new Map<string, number>();
		for (const from of this.members) {
			for (const topic of from.topics) {
				const mark = this.checker.publish(from.name, topic, []);
				from.publish(mark);
				said.set(`${from.name} on ${topic}`, mark.number);
			}
		}
		return said;
	}

	#firstUnheard(since: ReadonlyMap<string, number>): string | undefined {
		for (const from of this.members) {
			for (const topic of from.topics) {
				const least = since.get(`${from.name} on ${topic}`) ?? 0;
				const deaf = this.members.find(
					(to) =>
						to !== from &&
						to.topics.has(topic) &&
						this.checker.newest(to.name, from.name, topic) < least
				);
				if (deaf) return `${deaf.name} does not hear ${from.name} on ${topic}`;
			}
		}
		return undefined;
	}
}

/** A process that is stopped cannot be ended otherwise. */
function resume(pid: number): void {
	try {
		process.kill(pid, 'SIGCONT');
	} catch {
		// It is gone.
	}
}
