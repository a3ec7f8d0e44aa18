import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '../support/client.ts';
import { runRedis, type RunningRedis } from '../support/redis.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { engines, plainHttp, runChat } from './chat.ts';
import { answerers, customBuild, membersOf } from './processes.ts';

const plain = fileURLToPath(new URL('./servers/plain.js', import.meta.url));
const primary = fileURLToPath(new URL('./servers/cluster.js', import.meta.url));

interface Subject {
	name: string;
	args: string[];
	env: Record<string, string>;
	/** Asked for by BUS_URL. */
	hasBroker?: boolean;
}

/** Three workers of a primary of ours, or of somebody else's, which starts them again too. */
const primaries: Subject[] = [
	...engines.map((engine) => ({
		name: `workers on ${engine}`,
		args: [customBuild],
		env: { ENGINE: engine, WORKERS: '3' }
	})),
	{
		name: 'workers of a primary that knows nothing of us',
		args: [primary, customBuild, '3', 'follows'],
		env: { ENGINE: 'node' }
	},
	{
		name: 'workers with a server of their own, of such a primary',
		args: [primary, plain, '3', 'follows'],
		env: {}
	},
	{
		name: 'workers that meet at a broker',
		args: [customBuild],
		env: { WORKERS: '3' },
		hasBroker: true
	}
];

async function workersOf({ port }: Pick<RunningApp, 'port'>): Promise<number[]> {
	const pids = new Set<number>();
	const look = async () => {
		for (const pid of await answerers({ port })) pids.add(pid);
		return pids.size;
	};
	await expect.poll(look).toBe(3);
	return [...pids];
}

/** Each of them hears what each other one says from now on. */
async function meet(clients: readonly Client[]): Promise<void> {
	for (const [index, speaker] of clients.entries()) {
		const word = `hello ${index} ${Math.random()}`;
		const say = () => {
			speaker.send(word);
			return clients.every((each) => each === speaker || each.received.includes(word));
		};
		await expect.poll(say).toBe(true);
	}
}

const numbersOf = (client: Client) =>
	client.received.filter((each) => /^#\d+$/.test(each)).map((each) => Number(each.slice(1)));

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.each(primaries)('$name', ({ args, env, hasBroker = false }) => {
	let redis: RunningRedis | undefined;
	beforeAll(async () => {
		if (hasBroker) redis = await runRedis();
	});
	afterAll(() => redis?.[Symbol.asyncDispose]());

	const run = () =>
		runApp({
			args,
			env: { SHUTDOWN_TIMEOUT: '600', ...env, ...(redis && { BUS_URL: redis.url }) }
		});

	test('hear each other, in order, and not themselves', async () => {
		await using app = await run();
		const clients = [...(await membersOf(app.port, await workersOf(app), '/room')).values()];
		await meet(clients);
		const [speaker, ...others] = clients;
		for (const number of numbers(1000)) speaker?.send(`#${number}`);
		for (const other of others) {
			await expect.poll(() => numbersOf(other).length).toBe(1000);
			expect(numbersOf(other)).toEqual(numbers(1000));
		}
		expect(speaker && numbersOf(speaker)).toEqual([]);
		app.signal('SIGTERM');
		for (const client of clients) client.ws.terminate();
	});

	test('go on hearing each other when one of them is killed, and its successor too', async () => {
		await using app = await run();
		const pids = await workersOf(app);
		for (const victim of pids) {
			const members = await membersOf(app.port, await workersOf(app), '/room');
			await meet([...members.values()]);
			const others = [...members].filter(([pid]) => pid !== victim).map(([, client]) => client);
			process.kill(victim, 'SIGKILL');
			await members.get(victim)?.closed;
			await meet(others);
			await expect.poll(() => answerers({ port: app.port })).not.toContain(victim);
			const successors = await membersOf(app.port, await workersOf(app), '/room');
			await meet([...others, ...successors.values()]);
			for (const client of [...members.values(), ...successors.values()]) client.ws.terminate();
		}
	});
});

test.each(engines)(
	'nothing that one worker says to another is lost while a third one is killed: %s',
	async (engine) => {
		await using app = await runApp({ args: [customBuild], env: { ENGINE: engine, WORKERS: '3' } });
		const members = await membersOf(app.port, await workersOf(app), '/room');
		const [[, speaker], [, listener], [victim, third]] = [...members] as [
			[number, Client],
			[number, Client],
			[number, Client]
		];
		await meet([...members.values()]);
		let said = 0;
		const speak = () => speaker.send(`#${said++}`);
		const speakUntil = async (done: () => boolean) => {
			while (!done()) {
				for (let times = 0; times < 50; times += 1) speak();
				await new Promise(setImmediate);
			}
		};
		await speakUntil(() => numbersOf(third).length > 200);
		process.kill(victim, 'SIGKILL');
		await speakUntil(() => !third.isOpen);
		await speakUntil(() => said % 1000 === 0);
		await expect.poll(() => numbersOf(listener).length).toBe(said);
		expect(numbersOf(listener)).toEqual(numbers(said));
		const heard = numbersOf(third);
		expect(heard).toEqual(numbers(heard.length));
	}
);

test.each(engines)('the chat is one room for both workers: %s', async (engine) => {
	await using app = await runChat({ ENGINE: engine, WORKERS: '2' });
	const enter = (name: string) =>
		connectClient(`${app.url}/chat/lobby`, { headers: { ...plainHttp, cookie: `name=${name}` } });
	// so many that both workers have some
	const names = Array.from({ length: 12 }, (_, index) => `P${index}`);
	const people = await Promise.all(names.map(enter));
	for (const [index, person] of people.entries()) person.send(`{ "text": "by P${index}" }`);
	const heard = ({ received }: Client) =>
		received.map((each) => (JSON.parse(each) as { text: string }).text);
	for (const person of people) {
		await expect
			.poll(() => heard(person).toSorted())
			.toEqual(names.map((name) => `by ${name}`).toSorted());
	}
	// in one order for all of them
	expect(new Set(people.map((person) => heard(person).join())).size).toBe(1);
	for (const each of people) each.ws.terminate();
});
