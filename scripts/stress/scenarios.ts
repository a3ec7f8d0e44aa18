import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from './instance.ts';
import type { Member } from './member.ts';
import type { World } from './world.ts';

/** Something that happens to a world. What it means for messages is checked while it does. */
export interface Scenario {
	name: string;
	about: string;
	run(world: World): Promise<void>;
}

const inSameProcess = (from: Member, to: Member) => from.pid === to.pid;

const outside = (pid: number) => (from: Member, to: Member) => from.pid !== pid && to.pid !== pid;

const elsewhere = (instance: Instance) => (from: Member, to: Member) =>
	from.instance !== instance && to.instance !== instance;

/** When everybody who was there has been cut off. */
async function emptied(world: World, isThere: (member: Member) => boolean): Promise<void> {
	await Promise.all(world.members.filter(isThere).map((member) => member.ended()));
}

/** Everything is as before. */
async function recovered(world: World): Promise<void> {
	await world.converge();
	await world.calm(5);
}

const single: readonly Scenario[] = [
	{
		name: 'calm',
		about: 'nothing happens: everything arrives, once and in order',
		run: (world) => world.calm(world.random.between(30, 60))
	},
	{
		name: 'churn',
		about: 'members come and go, and join and leave topics: the others miss nothing',
		async run(world) {
			for (let step = 0; step < 3; step += 1) {
				await world.during(
					() => churn(world),
					() => true
				);
				await recovered(world);
			}
		}
	},
	{
		name: 'worker-killed',
		about: 'a worker is killed: the others miss nothing, and another one takes its place',
		async run(world) {
			const victim = world.random.pick(world.processes);
			const kill = async () => {
				process.kill(victim, 'SIGKILL');
				await emptied(world, ({ pid }) => pid === victim);
				await sleep(world.random.between(100, 1500));
			};
			await world.during(kill, outside(victim));
			await recovered(world);
		}
	},
	{
		name: 'instance-killed',
		about:
			'what leads the workers is killed: they go with it, and the other instance misses nothing',
		async run(world) {
			const victim = world.random.pick(world.instances);
			const kill = async () => {
				await victim.end('SIGKILL');
				await emptied(world, ({ instance }) => instance === victim);
				await victim.start();
			};
			await world.during(kill, elsewhere(victim));
			await recovered(world);
		}
	},
	{
		name: 'broker-killed',
		about: 'the broker is killed and comes back: what stays in a process is not lost meanwhile',
		async run(world) {
			const { broker } = world.redis;
			const kill = async () => {
				await broker.kill();
				await sleep(world.random.between(100, 3000));
				await broker.start();
			};
			await world.during(kill, inSameProcess);
			await recovered(world);
		}
	},
	{
		name: 'broker-stopped',
		about: 'the broker hangs and wakes up: what stays in a process is not lost meanwhile',
		async run(world) {
			const { broker } = world.redis;
			const hang = async () => {
				broker.hang();
				await sleep(world.random.between(100, 4000)).finally(() => broker.wake());
			};
			await world.during(hang, inSameProcess);
			await recovered(world);
		}
	},
	{
		name: 'worker-stopped',
		about: 'a worker hangs and wakes up: the others miss nothing',
		async run(world) {
			const victim = world.random.pick(world.processes);
			const hang = async () => {
				process.kill(victim, 'SIGSTOP');
				await sleep(world.random.between(100, 4000)).finally(() => process.kill(victim, 'SIGCONT'));
			};
			await world.during(hang, outside(victim));
			await recovered(world);
		}
	},
	{
		name: 'rolling-restart',
		about:
			'one instance after the other is asked to go, and started again: the other misses nothing',
		async run(world) {
			for (const instance of world.random.shuffle(world.instances)) {
				const restart = async () => {
					const code = await instance.end('SIGTERM');
					if (code !== 0) world.checker.fault(`${instance.name} has ended with ${code}`);
					await emptied(world, (member) => member.instance === instance);
					await instance.start();
				};
				await world.during(restart, elsewhere(instance));
				await recovered(world);
			}
		}
	}
];

const several: Scenario = {
	name: 'several',
	about: 'four of these, one after the other',
	async run(world) {
		for (let step = 0; step < 4; step += 1) await world.random.pick(single).run(world);
	}
};

export const scenarios: readonly Scenario[] = [...single, several];

/** One thing after the other, that one member at a time does. */
async function churn({ random, members, topics }: World): Promise<void> {
	for (let step = 0; step < 30; step += 1) {
		const member = random.pick(members);
		const others = topics.filter((topic) => !member.topics.has(topic));
		const turn = random.between(0, 2);
		if (turn === 0 && others.length > 0) await member.subscribe(random.pick(others));
		else if (turn === 1 && member.topics.size > 1)
			await member.unsubscribe(random.pick([...member.topics]));
		else {
			await member.leave();
			await member.open();
		}
	}
}
