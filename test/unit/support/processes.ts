import { createLocalBus, LocalHub } from '../../../src/server/bus/local.ts';
import { Registry } from '../../../src/server/registry/registry.ts';
import { FakeEngine } from './engine.ts';
import { FakeLog } from './log.ts';
import { fakePeer } from './peers.ts';

/** A registry that stands for a process of its own. */
export class FakeProcess {
	readonly registry = new Registry();
	readonly engine = new FakeEngine();
	readonly log = new FakeLog();

	constructor(hub: LocalHub) {
		this.registry.attach(this.engine, {
			bus: (options) => createLocalBus(hub, options, this.log),
			log: this.log
		});
	}

	/** A peer that is connected to it. */
	connect(): ReturnType<typeof fakePeer> & { end(): void } {
		const { registry } = this;
		const both = fakePeer(registry);
		const end = () => {
			registry.remove(both.peer);
			both.peer.markClosed();
		};
		registry.add(both.peer);
		both.socket.onClose = end;
		return { ...both, end };
	}

	/** What its engine has sent to everyone on a topic, in order. */
	heard(topic: string): unknown[] {
		return this.engine.published.filter((each) => each.topic === topic).map(({ data }) => data);
	}
}

/** Processes that know of one another. */
export async function meet(count: number): Promise<{ hub: LocalHub; processes: FakeProcess[] }> {
	const hub = new LocalHub();
	const processes = Array.from({ length: count }, () => new FakeProcess(hub));
	for (const { registry } of processes) await registry.connect();
	await turns();
	return { hub, processes };
}

/** What is under way in a `LocalHub` has come: it takes a turn to leave, and answers take one more. */
export async function turns(count = 8): Promise<void> {
	for (let turn = 0; turn < count; turn += 1) await new Promise((done) => setImmediate(done));
}
