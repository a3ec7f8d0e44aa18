import type { Server } from '../server.ts';
import { echoAt } from '../load/sockets.ts';
import { startProcesses, type BrokerName } from './processes.ts';

/** Microseconds of processor time that each echo of 100 bytes costs all processes together, without the broker. */
export interface Relay extends Record<string, number> {
	/** Over a socket that has come to the process which has made its URL. */
	direct: number;
	/** Over one that has come to another process. */
	relayed: number;
	/** What the broker uses for the latter. */
	broker: number;
}

export async function measureRelay(broker: BrokerName, seconds: number): Promise<Relay> {
	const processes = await startProcesses(broker, 2);
	const [maker, other] = processes.servers as [Server, Server];
	const cpus = () => maker.cpu() + other.cpu();
	const echo = async ({ port }: Server) => {
		const load = await echoAt(() => makePath(maker.port)).open(port);
		await load.run(seconds);
		const [cpu, ofBroker] = [cpus(), processes.brokerCpu()];
		const count = await load.run(seconds);
		load.close();
		return { cpu: (cpus() - cpu) / count, broker: (processes.brokerCpu() - ofBroker) / count };
	};
	try {
		const [direct, relayed] = [await echo(maker), await echo(other)];
		return { direct: direct.cpu, relayed: relayed.cpu, broker: relayed.broker };
	} finally {
		await processes[Symbol.asyncDispose]();
	}
}

/** The path of a one-time URL. */
async function makePath(port: number): Promise<string> {
	const headers = { 'x-forwarded-proto': 'http' };
	const response = await fetch(`http://127.0.0.1:${port}/one-time`, { headers });
	return new URL(await response.text()).pathname;
}
