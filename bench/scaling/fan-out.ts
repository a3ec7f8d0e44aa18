import { setTimeout as sleep } from 'node:timers/promises';
import { clientFrame, leave, openRaw, serverFrameLength } from '../load/client.ts';
import { startProcesses, type BrokerName } from './processes.ts';

export interface FanOutOptions {
	broker: BrokerName;
	/** Over how many topics the messages are spread. */
	topics: number;
	/** How many processes have somebody on all of these topics, beside the one that publishes. */
	receivers: number;
	/** How many messages are on their way at the same time. */
	window: number;
	seconds: number;
}

/** Costs are microseconds of processor time a message. */
export interface FanOut extends Record<string, number> {
	/** Messages a second that have reached everybody. */
	rate: number;
	/** Microseconds from one message to the next: where only one is under way, until it has reached everybody. */
	interval: number;
	/** To the process that reads a message from a socket and publishes it. */
	sender: number;
	/** To each process that hands it to a socket. */
	receiver: number;
	broker: number;
}

const length = 100;

/** One process publishes as fast as others hear it. */
export async function fanOut(options: FanOutOptions): Promise<FanOut> {
	const { broker, receivers, seconds } = options;
	const processes = await startProcesses(broker, receivers + 1);
	try {
		const load = await openLoad(
			processes.servers.map(({ port }) => port),
			options
		);
		await load.run(seconds / 2);
		const cpus = () => [processes.brokerCpu(), ...processes.servers.map((each) => each.cpu())];
		const [before, from] = [cpus(), performance.now()];
		const count = await load.run(seconds);
		const passed = (performance.now() - from) / 1000;
		const spent = cpus().map((cpu, index) => (cpu - (before[index] ?? 0)) / count);
		load.close();
		const [ofBroker = 0, sender = 0, ...others] = spent;
		const receiver = others.reduce((sum, cpu) => sum + cpu, 0) / others.length;
		const rate = count / passed;
		return { rate, interval: 1_000_000 / rate, sender, receiver, broker: ofBroker };
	} finally {
		await processes[Symbol.asyncDispose]();
	}
}

/** Who publishes is at the first port, and one who listens at each of the others. */
async function openLoad([own = 0, ...others]: number[], { topics, window }: FanOutOptions) {
	const frames = Array.from({ length: topics }, (_, topic) =>
		clientFrame(String(topic).padStart(length, '0'))
	);
	const frameLength = serverFrameLength('x'.repeat(length));
	const heard = others.map(() => 0);
	let [sent, end, isRunning] = [0, 0, false];
	let done = () => {};
	const publish = () => {
		sender.send(frames[sent % topics] as Buffer);
		sent += 1;
	};
	/** Say the next message for each that everybody has heard. */
	const goOn = () => {
		const slowest = Math.floor(Math.min(...heard) / frameLength);
		while (performance.now() < end && sent - slowest < window) publish();
		if (isRunning && slowest >= sent) done();
	};
	const path = `/topics?count=${topics}`;
	const sender = await openRaw(own, path);
	const listeners = await Promise.all(
		others.map((port, index) =>
			openRaw(port, path, (bytes) => {
				heard[index] = (heard[index] ?? 0) + bytes;
				goOn();
			})
		)
	);
	// The broker knows of all topics by then.
	await sleep(500);
	return {
		async run(seconds: number): Promise<number> {
			const before = sent;
			end = performance.now() + seconds * 1000;
			isRunning = true;
			await new Promise<void>((resolve, reject) => {
				const late = setTimeout(
					() => reject(new Error('Messages are lost')),
					20_000 + seconds * 1000
				);
				done = () => {
					clearTimeout(late);
					resolve();
				};
				goOn();
			});
			isRunning = false;
			return sent - before;
		},
		close: () => leave([sender, ...listeners])
	};
}
