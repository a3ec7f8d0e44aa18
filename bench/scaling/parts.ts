import process from 'node:process';
import type { Sample } from '../results.ts';
import { subjects } from '../subjects.ts';
import { idle, messages, type Work } from '../works.ts';
import { fanOut, type FanOutOptions } from './fan-out.ts';
import type { BrokerName } from './processes.ts';
import { measureRelay } from './relay.ts';

/** `bytes` of a process that has just been started. */
export const started: Work = {
	name: 'memory at start',
	needs: 'crowds',
	isFresh: true,
	async measure(server) {
		await server.collect();
		return { bytes: server.memory() };
	}
};

/** What one process is asked, and by which names the report finds it. */
export const broadcastWork = 'broadcast to 1,000';
export const togetherWork = 'broadcast to 1,000, ten a turn';
export const handshakeWork = 'handshakes';
const wanted = [broadcastWork, togetherWork, handshakeWork];

export const single = {
	subjects: subjects.filter(({ name }) => ['uws', 'bun', 'node'].includes(name)),
	works: [started, idle, ...messages.filter(({ name }) => wanted.includes(name))]
};

export const brokers: readonly { name: BrokerName; title: string }[] = [
	{ name: 'redis', title: 'Redis' },
	{ name: 'nats', title: 'NATS' }
];

/** Messages that go over a broker in one way. */
export interface Flow extends Pick<FanOutOptions, 'topics' | 'receivers' | 'window'> {
	work: string;
	label: string;
}

const flow = (label: string, topics: number, receivers: number, window: number): Flow => ({
	work: `flow: ${topics} topics, ${receivers} receivers, window of ${window}`,
	label,
	topics,
	receivers,
	window
});

/** Alone: the next one leaves when the one before has arrived. */
export const alone = [1, 3].map((receivers) =>
	flow(`one at a time, heard by ${receivers}`, 1, receivers, 1)
) as [Flow, Flow];
export const together = [1, 3].map((receivers) =>
	flow(`500 under way on 1 topic, heard by ${receivers}`, 1, receivers, 500)
) as [Flow, Flow];
export const spread = [1, 3].map((receivers) =>
	flow(`500 under way on 100 topics, heard by ${receivers}`, 100, receivers, 500)
) as [Flow, Flow];
export const flows: readonly Flow[] = [...alone, ...together, ...spread];

export const relayWork = 'relay';

/** One round of everything that needs a broker. A part that fails is missing, and is told of. */
export async function measureBrokers(round: number, seconds: number): Promise<Sample[]> {
	const samples: Sample[] = [];
	for (const { name: subject } of brokers) {
		const note = async (work: string, measure: () => Promise<Record<string, number>>) => {
			try {
				samples.push({ round, subject, work, values: await measure() });
			} catch (error) {
				process.exitCode = 1;
				console.error(`${subject} has failed at ${work}:`, error);
			}
		};
		for (const { work, ...options } of flows)
			await note(work, () => fanOut({ ...options, broker: subject, seconds }));
		await note(relayWork, () => measureRelay(subject, seconds));
	}
	return samples;
}
