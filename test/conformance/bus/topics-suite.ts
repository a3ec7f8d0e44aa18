import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Bus } from '../../../src/server/bus/bus.ts';
import { Registry } from '../../../src/server/registry/registry.ts';
import { TopicPatterns } from '../../../src/server/topics/patterns.ts';
import { connect, LiveEngine } from '../../unit/support/live-engine.ts';
import { FakeLog } from '../../unit/support/log.ts';
import { OwnRoomClient } from '../../unit/support/own-client.ts';
import { textsOf } from './log-suite.ts';
import type { BusSubject, Meeting } from './subject.ts';

const topic = 'room:a';
const bounds = { size: 10_000, bytes: 10_000_000, ttl: 3600 };
const patterns = new TopicPatterns({ 'room:*': { history: bounds } });

/** A process without a network, whose bus is a real one. */
class Process implements AsyncDisposable {
	readonly registry = new Registry();
	readonly engine = new LiveEngine();
	readonly log = new FakeLog();
	bus: Bus | undefined;

	static async start(meeting: Meeting): Promise<Process> {
		const process = new Process();
		const { registry, engine, log } = process;
		const bus = (options: Parameters<Meeting['create']>[0]) => {
			const made = meeting.create(options, log);
			if (made instanceof Promise) throw new Error('It cannot be waited for');
			return (process.bus = made);
		};
		registry.attach(engine, { bus, log });
		registry.declare(patterns);
		await registry.connect();
		return process;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.registry.disconnect();
		this.registry.detach(this.engine);
	}
}

const clientsOf = (count: number) =>
	Array.from(
		{ length: count },
		(_, index) => new OwnRoomClient(`client${index}`.padEnd(8, 'x'), topic)
	);

function at<T>(all: readonly T[], index: number): T {
	const found = all[index % all.length];
	if (found === undefined) throw new Error('There is nothing to pick');
	return found;
}

/** Resolves when this is true of all that they have read. */
async function until(
	clients: readonly OwnRoomClient[],
	isTrue: (client: OwnRoomClient) => boolean
): Promise<void> {
	await expect
		.poll(() => {
			for (const client of clients) client.read();
			return clients.every(isTrue);
		})
		.toBe(true);
}

/** Until then others may publish before it is known here that somebody listens. */
const untilBegun = (clients: readonly OwnRoomClient[]) =>
	until(clients, ({ state }) => state !== undefined);

const untilHeard = (clients: readonly OwnRoomClient[], text: string) =>
	until(clients, ({ texts }) => texts.includes(text));

/** Three processes that meet. */
async function start(subject: BusSubject) {
	const meeting = await subject.start();
	const processes = await Promise.all([0, 1, 2].map(() => Process.start(meeting)));
	return {
		meeting,
		processes,
		async [Symbol.asyncDispose]() {
			for (const each of processes) await each[Symbol.asyncDispose]();
			await meeting[Symbol.asyncDispose]();
		}
	};
}

/** What becomes of topics that remember, whose numbers come from the log of a bus. */
export function topicsSuite(subject: BusSubject): void {
	describe(`topics that remember, over the bus ${subject.name}`, () => {
		it('are told of at start', async () => {
			await using world = await start(subject);
			const [{ registry, bus } = at(world.processes, 0)] = world.processes;
			expect(registry.bus).toBe(`${bus?.description}, where topics remember`);
		});

		it('are complete and in one order for clients that go from process to process while all of them publish a thousand a second', async () => {
			await using world = await start(subject);
			const { processes } = world;
			const clients = clientsOf(6);
			for (const [index, client] of clients.entries()) client.connect(at(processes, index));
			const plain = connect(at(processes, 0).registry, at(processes, 0).engine);
			plain.peer.subscribe(topic);
			await untilBegun(clients);
			const published: string[] = [];
			let moves = 0;
			for (let each = 0; each < 2000; each += 1) {
				const text = `message ${each}`;
				published.push(text);
				const author = at(clients, each);
				if (each % 5 === 0) author.publish(text);
				else at(processes, each).registry.publish(topic, text);
				if (each % 100 === 50) {
					// Two of them, ten times each.
					const client = at(clients, moves % 2);
					client.disconnect();
					moves += 1;
					if (moves % 3 === 0) await sleep(30);
					client.connect(at(processes, moves));
				}
				if (each % 10 === 0) await sleep(10);
			}
			await expect
				.poll(() => {
					for (const client of clients) client.read();
					return clients.map(({ last }) => last);
				})
				.toEqual(clients.map(() => published.length));
			const log = at(processes, 0).bus?.log;
			const extent = await log?.read(topic, 0, bounds);
			const all = extent ? textsOf(extent) : [];
			expect(all.toSorted()).toEqual(published.toSorted());
			for (const client of clients) {
				expect(client.lost).toBe(0);
				expect(client.texts).toEqual(all.filter((text) => !client.own.includes(text)));
			}
			expect(plain.take()).toEqual(all);
			for (const { log: lines } of processes) expect(lines.warnings).toEqual([]);
		});
	});
}

/** The same where the broker goes away. */
export function topicsOutageSuite(subject: BusSubject): void {
	describe(`topics that remember, over the bus ${subject.name} when something is wrong`, () => {
		it('go on while the broker is away, give nothing twice, and are one again after it', async () => {
			await using world = await start(subject);
			const { processes, meeting } = world;
			const clients = clientsOf(3);
			for (const [index, client] of clients.entries()) client.connect(at(processes, index));
			await untilBegun(clients);
			at(processes, 0).registry.publish(topic, 'before');
			await untilHeard(clients, 'before');
			const away = clients[2];
			away?.disconnect();
			let each = 0;
			const talk = async (isEnough: () => boolean) => {
				while (!isEnough()) {
					at(processes, each).registry.publish(topic, `message ${(each += 1)}`);
					await sleep(2);
				}
			};
			await talk(() => each > 50);
			const broken = meeting.breakConnection?.();
			await talk(() => processes.every(({ bus }) => bus?.state === 'reconnecting'));
			await broken;
			await talk(() => each > 300);
			const restored = meeting.restore?.();
			await talk(() => processes.every(({ bus }) => bus?.state === 'connected'));
			await restored;
			away?.connect(at(processes, 1));
			await expect
				.poll(async () => {
					const text = `probe ${(each += 1)}`;
					at(processes, 0).registry.publish(topic, text);
					await sleep(50);
					for (const client of clients) client.read();
					return clients.every(({ texts }) => texts.includes(text));
				})
				.toBe(true);
			at(processes, 1).registry.publish(topic, 'after');
			await untilHeard(clients, 'after');
			for (const { texts } of clients) expect(new Set(texts).size).toBe(texts.length);
			const positions = clients.map(({ last }) => last);
			expect(new Set(positions).size).toBe(1);
			if (subject.isForgetful) expect(away?.lost).toBeGreaterThan(0);
		});
	});
}
