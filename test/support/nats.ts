import { RunningBroker } from './broker.ts';
import { findProgram } from './debian.ts';
import { freePort } from './free-port.ts';

export interface RunningNats extends AsyncDisposable {
	readonly broker: RunningBroker;
	/** With its user and password, which is `secret`. */
	readonly url: string;
	/** How many subscriptions a subject would reach. */
	listeners(subject: string): Promise<number>;
}

/**
 * A NATS of its own.
 * @throws if there is none and none can be installed: the tests need one
 */
export async function runNats(args: string[] = []): Promise<RunningNats> {
	const program = findNats();
	const [port, monitor] = [await freePort(), await freePort()];
	const broker = await RunningBroker.start(port, () => [
		program,
		...['-a', '127.0.0.1', '-p', port, '-m', monitor, '--user', 'tester', '--pass', 'secret'],
		...args
	]);
	return {
		broker,
		url: `nats://tester:secret@127.0.0.1:${port}`,
		async listeners(subject) {
			const query = `subs=1&test=${encodeURIComponent(subject)}&limit=100`;
			const response = await fetch(`http://127.0.0.1:${monitor}/subsz?${query}`);
			const { subscriptions_list: list } = (await response.json()) as {
				subscriptions_list?: unknown[];
			};
			return list?.length ?? 0;
		},
		[Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]()
	};
}

export function findNats(): string {
	return findProgram({
		names: ['nats-server'],
		package: 'nats-server',
		need: 'The tests of NATS need nats-server'
	});
}
