import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openClient, refusal } from '../../support/client.ts';
import { Instance, Listener, type EngineName } from './instance.ts';
import { Gathering } from './presence.ts';
import { expectComplete } from './remembered.ts';

/** What connects processes, on this machine. */
export interface Meeting {
	name: string;
	/** What the processes run on: three of them, and more are started where one is killed. */
	engines: readonly [EngineName, EngineName, EngineName];
	/** @returns the environment of the processes */
	start(): Promise<Record<string, string>>;
	stop(): Promise<void>;
	/** `kill -9` of the broker, and another one in its place. */
	breakDown(): Promise<void>;
	recover(): Promise<void>;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

/** Several built apps, each in a process of its own, as one. */
export function processesSuite(meeting: Meeting): void {
	let env: Record<string, string> = {};
	let processes: Instance[] = [];
	const start = (index: number) => Instance.start(meeting.engines[index] ?? 'node', env);

	beforeAll(async () => {
		env = await meeting.start();
		processes = await Promise.all([0, 1, 2].map(start));
	});

	afterAll(async () => {
		await Promise.all(processes.map((each) => each[Symbol.asyncDispose]()));
		await meeting.stop();
	});

	/** One that was killed is replaced. */
	beforeEach(async () => {
		processes = await Promise.all(
			processes.map((each, index) => (each.running.isRunning ? each : start(index)))
		);
	});

	const all = () => processes as [Instance, Instance, Instance];
	const at = (index: number) => all()[index] ?? all()[0];

	/** A topic of its own with a listener in each process, all of whom hear each process. */
	async function room() {
		const topic = `room ${crypto.randomUUID()}`;
		const [first, second, third] = await Promise.all(all().map((each) => each.open(topic)));
		const listeners = [first, second, third] as [Listener, Listener, Listener];
		for (const each of all()) await each.reaches(topic, ...listeners);
		const leave = () =>
			Promise.all(listeners.map((each) => each[Symbol.asyncDispose]())).then(() => {});
		return { topic, listeners, [Symbol.asyncDispose]: leave };
	}

	describe(`processes that are connected by ${meeting.name}`, () => {
		test('publish to everyone, once, whoever has published', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			for (const [index, each] of all().entries()) await each.publish(topic, `from ${index}`);
			for (const listener of listeners) {
				await expect.poll(() => listener.heard.toSorted()).toEqual(['from 0', 'from 1', 'from 2']);
			}
		});

		test('carry what a peer publishes to all but that peer, as what it was', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			const [first, second, third] = listeners;
			for (const name of ['text', 'bytes', 'empty', 'object', 'floats']) {
				first.asks('publishOdd', topic, name);
			}
			const given = [
				'grüße \u{1f44b}',
				[1, 2, 3],
				'',
				'{"a":[1,null,"x"],"at":"1970-01-01T00:00:00.000Z"}',
				[0, 0, 128, 63]
			];
			await expect.poll(() => second.heard).toEqual(given);
			await expect.poll(() => third.heard).toEqual(given);
			expect(first.heard).toEqual([]);
		});

		test('keep the order of each publisher', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			const [first, second, third] = listeners;
			for (const each of numbers(1000)) {
				first.asks('publish', topic, `a${each}`);
				second.asks('publish', topic, `b${each}`);
			}
			await expect.poll(() => third.heard.length).toBe(2000);
			for (const letter of ['a', 'b']) {
				const own = third.heard.filter((each) => String(each).startsWith(letter));
				expect(own).toEqual(numbers(1000).map((each) => letter + each));
			}
		});

		test('remember together what is published, for clients that go from one to the other', async () => {
			let count = 0;
			await expectComplete((path) => at((count += 1) % 3).connect(path));
			for (const { running } of all())
				expect(running.output()).toMatch(/, where topics remember$/m);
		});

		test('feed loops of one another', async () => {
			const topic = `loop ${crypto.randomUUID()}`;
			const [first, second] = all();
			const leave = new AbortController();
			const query = new URLSearchParams({ topic });
			const response = await fetch(`${second.running.url}/feed?${query}`, { signal: leave.signal });
			let text = '';
			const reading = (async () => {
				const chunks = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
				for await (const chunk of chunks) text += chunk;
			})().catch(() => {});
			await expect
				.poll(async () => {
					await first.publish(topic, 'from the first');
					return text;
				})
				.toContain('data: {"text":"from the first"}');
			leave.abort();
			await reading;
		});

		test('send to a peer, and close it, wherever it is', async () => {
			const [first, second, third] = all();
			await using listener = await second.open();
			await using other = await second.open();
			const id = String(await listener.did('id'));
			await first.fetch('/send', { id, text: 'one' });
			await expect.poll(() => listener.heard).toEqual(['one']);
			await first.fetch('/send', { id: 'nobody', text: 'x' });
			await third.fetch('/registry', { id }, 'DELETE');
			expect(await listener.client.closed).toEqual({ code: 4012, reason: 'you' });
			await first.fetch('/send', { id, text: 'late' });
			await third.fetch('/registry', { id }, 'DELETE');
			expect([other.heard, other.client.isOpen]).toEqual([[], true]);
		});

		test('close everyone on a topic, and nobody else', async () => {
			await using here = await room();
			await using other = await all()[1].open('another topic');
			await all()[2].fetch('/registry', { topic: here.topic }, 'DELETE');
			for (const { client } of here.listeners) {
				expect(await client.closed).toEqual({ code: 4013, reason: 'the room' });
			}
			expect(other.client.isOpen).toBe(true);
		});

		test('sign somebody out, whose handshake is still being decided elsewhere', async () => {
			const [first, second, third] = all();
			const as = (user: string) => ({ 'x-forwarded-proto': 'http', cookie: `user=${user}` });
			const open = (where: Instance, user: string) =>
				openClient(where.running.port, { path: '/commands', headers: as(user) });
			await using ada = await open(third, 'Ada');
			await using beside = await open(second, 'Ada');
			await using grace = await open(third, 'Grace');
			const tag = crypto.randomUUID();
			const refused = refusal(`${second.running.url}/held?tag=${tag}`, as('Ada'));
			await expect.poll(() => second.fetch('/journal', { of: tag })).toContain('waiting');
			await first.publish('sign-outs', 'Ada');
			for (const { closed } of [ada, beside]) {
				expect(await closed).toEqual({ code: 4401, reason: 'Signed out' });
			}
			await second.fetch('/release', { tag });
			expect((await refused).status).toBe(401);
			expect(grace.isOpen).toBe(true);
		});

		test('count together', async () => {
			await using here = await room();
			await using more = await all()[0].open(here.topic);
			expect(more.client.isOpen).toBe(true);
			for (const each of all()) await expect.poll(() => each.count(here.topic)).toBe(4);
		});

		test('share the peers of a path that each has added', async () => {
			const path = '/added/by/all';
			const [first, second] = all();
			for (const each of [first, second]) {
				await each.fetch('/endpoint', { path, version: 'one' }, 'PUT');
			}
			const headers = { 'x-forwarded-proto': 'http' };
			await using client = await openClient(second.running.port, { path, headers });
			await expect
				.poll(async () => {
					await first.fetch('/endpoint', { path, text: 'all' }, 'POST');
					return client.received;
				})
				.toContain('{"text":"all"}');
			for (const each of [first, second]) await each.fetch('/endpoint', { path }, 'DELETE');
		});
	});

	describe(`processes that are connected by ${meeting.name} and killed`, () => {
		test('amid what they publish have sent the beginning of it, in order, once', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			const [publisher, second, third] = listeners;
			for (const each of numbers(20_000)) publisher.asks('publish', topic, each);
			await expect.poll(() => second.heard.length, { interval: 1 }).toBeGreaterThan(100);
			await all()[0].kill();
			await all()[1].publish(topic, 'end');
			for (const listener of [second, third]) {
				await expect.poll(() => listener.heard).toContain('end');
				const heard = listener.heard.filter((each) => each !== 'end');
				expect(heard).toEqual(numbers(heard.length));
				expect(heard.length).toBeGreaterThan(0);
			}
		});

		test('amid what they hear take nothing from the others, and their successors hear the rest', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			const [publisher, second, third] = listeners;
			for (const each of numbers(2500)) publisher.asks('publish', topic, each);
			await expect.poll(() => second.heard.length, { interval: 1 }).toBeGreaterThan(10);
			await all()[1].kill();
			for (const each of numbers(5000).slice(2500)) publisher.asks('publish', topic, each);
			await expect.poll(() => third.heard.length).toBe(5000);
			expect(third.heard).toEqual(numbers(5000));
			expect(second.heard).toEqual(numbers(second.heard.length));
			await using successor = await start(1);
			await using listener = await successor.open(topic);
			await all()[0].reaches(topic, listener);
			publisher.asks('publish', topic, 'after');
			await expect.poll(() => listener.heard).toEqual(['after']);
			await expect.poll(() => all()[0].count(topic)).toBe(3);
		});

		test('take their people along, but for those who are somewhere else by then', async () => {
			await using gathering = new Gathering();
			for (const [index, each] of all().entries()) await gathering.come(each, `person ${index}`);
			await gathering.expect(all(), ['person 0', 'person 1', 'person 2']);
			await gathering.come(all()[2], 'moves');
			await gathering.expect(all(), ['moves', 'person 0', 'person 1', 'person 2']);
			await all()[2].kill();
			await gathering.come(all()[0], 'moves');
			await gathering.expect([all()[0], all()[1]], ['moves', 'person 0', 'person 1']);
		});

		test('are missed by nobody who counts', async () => {
			await using here = await room();
			await all()[2].kill();
			await expect.poll(() => all()[0].count(here.topic)).toBe(2);
		});

		test('one after the other, as in a deploy, leave the new ones connected', async () => {
			const topic = `deploy ${crypto.randomUUID()}`;
			for (const index of [0, 1, 2]) {
				processes[index]?.running.signal('SIGTERM');
				await processes[index]?.running.exited;
				processes[index] = await start(index);
			}
			const listeners = await Promise.all(all().map((each) => each.open(topic)));
			for (const each of all()) await each.reaches(topic, ...listeners);
			for (const listener of listeners) await listener[Symbol.asyncDispose]();
		});
	});

	describe(`processes whose ${meeting.name} is killed`, () => {
		test('go on alone, and find one another again', async () => {
			await using here = await room();
			const { topic, listeners } = here;
			await meeting.breakDown();
			for (const { running } of all()) await running.printed(/cannot be reached/);
			for (const [index, each] of all().entries()) await each.publish(topic, `alone ${index}`);
			for (const [index, listener] of listeners.entries()) {
				await expect.poll(() => listener.heard).toEqual([`alone ${index}`]);
			}
			expect(await all()[0].count(topic)).toBe(1);
			await meeting.recover();
			for (const each of all()) await each.reaches(topic, ...listeners);
			for (const [index, listener] of listeners.entries()) {
				expect(listener.heard).toEqual([`alone ${index}`]);
			}
			await expect.poll(() => all()[0].count(topic)).toBe(3);
			for (const { running } of all()) {
				await running.printed(/can be reached again/);
				expect(running.output().match(/cannot be reached/g)).toHaveLength(1);
			}
		});

		test('know of the people of one another again', { timeout: 120_000 }, async () => {
			await using gathering = new Gathering();
			await gathering.come(all()[0], 'before');
			await gathering.expect(all(), ['before']);
			await meeting.breakDown();
			await gathering.come(all()[1], 'meanwhile');
			await gathering.expect([all()[1]], ['before', 'meanwhile']);
			await meeting.recover();
			await gathering.expect(all(), ['before', 'meanwhile']);
		});
	});
}
