import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunningBroker } from './broker.ts';
import type { Certificate } from './certificate.ts';
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
 * @param tls speaks TLS with this certificate
 * @param subjects what its user may publish and subscribe to: everything, if it is left out
 * @param jetStream it has one
 * @throws if there is none and none can be installed: the tests need one
 */
export async function runNats({
	tls,
	subjects,
	jetStream = true
}: {
	tls?: Certificate;
	subjects?: string | readonly string[];
	jetStream?: boolean;
} = {}): Promise<RunningNats> {
	const program = findNats();
	const [port, monitor] = [await freePort(), await freePort()];
	const allowed = JSON.stringify(subjects);
	const permissions = `permissions { publish: ${allowed}, subscribe: ${allowed} }`;
	const user = `user: tester, password: secret, ${subjects === undefined ? '' : permissions}`;
	const certificate = tls ? ['--tls', '--tlscert', tls.certPath, '--tlskey', tls.keyPath] : [];
	const broker = await RunningBroker.start(port, (folder) => {
		const config = join(folder, 'nats.conf');
		const stream = jetStream ? `jetstream { store_dir: ${JSON.stringify(folder)} }` : '';
		writeFileSync(config, `${stream}\nauthorization { users = [ { ${user} } ] }`);
		const place = ['-a', '127.0.0.1', '-p', port, '-m', monitor];
		return [program, '-c', config, ...place, ...certificate];
	});
	return {
		broker,
		url: `${tls ? 'tls' : 'nats'}://tester:secret@127.0.0.1:${port}`,
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
