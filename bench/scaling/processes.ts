import { runNats } from '../../test/support/nats.ts';
import { runRedis } from '../../test/support/redis.ts';
import { cpuOf, startServer, type Server } from '../server.ts';
import { subjects, type Subject } from '../subjects.ts';

export type BrokerName = 'redis' | 'nats';

/** Servers of the app that share a broker. */
export interface Processes extends AsyncDisposable {
	readonly servers: Server[];
	/** Microseconds of processor time that the broker has used. */
	brokerCpu(): number;
}

export const app = subjects.find(({ name }) => name === 'uws') as Subject;

export async function startProcesses(name: BrokerName, count: number): Promise<Processes> {
	const running = await (name === 'redis' ? runRedis() : runNats());
	const subject = { ...app, env: { ...app.env, BUS_URL: running.url } };
	const servers: Server[] = [];
	for (let number = 0; number < count; number += 1) servers.push(await startServer(subject));
	return {
		servers,
		brokerCpu: () => cpuOf(running.broker.pid),
		async [Symbol.asyncDispose]() {
			for (const server of servers) await server.stop();
			await running[Symbol.asyncDispose]();
		}
	};
}
