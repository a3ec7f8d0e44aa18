import type { BusEvents } from '../../../src/server/bus/bus.ts';
import { Directory } from '../../../src/server/bus/directory.ts';
import { createLocalBus, LocalHub } from '../../../src/server/bus/local.ts';
import type { Engine, EngineHandlers, EngineOptions } from '../../../src/server/engine/engine.ts';
import { Relay, type RelayOptions } from '../../../src/server/relay/relay.ts';
import { transit } from '../../../src/server/relay/relayed-socket.ts';
import { RelayEngine } from '../../../src/server/relay/relay-engine.ts';
import { FakeLog } from '../../unit/support/log.ts';
import type { Subject } from './subject.ts';

const ids = { outpost: '00000000000a', home: '00000000000b' };

/** A process that knows of others over a bus. */
async function join(hub: LocalHub, process: string): Promise<Directory> {
	const events: BusEvents = {
		message: (_, message, sender) => directory.receive(message, sender),
		state: () => {},
		left: (sender) => directory.left(sender)
	};
	const bus = createLocalBus(hub, { process, events }, new FakeLog());
	const directory = new Directory(process, bus, undefined);
	directory.open();
	await bus.open();
	directory.hello();
	return directory;
}

/**
 * An engine whose connections are in one process and whose sockets are in another: every upgrade is relayed. Here both are this
 * one, with a bus in between.
 */
export function relayed(subject: Subject): Subject {
	return {
		...subject,
		name: `${subject.name}, relayed`,
		uncounted: 0,
		transit,
		create: (options, handlers) => createRelayed(subject, options, handlers)
	};
}

async function createRelayed(
	subject: Subject,
	options: EngineOptions,
	handlers: EngineHandlers
): Promise<Engine> {
	const bus = new LocalHub();
	const [outpost, home] = [await join(bus, ids.outpost), await join(bus, ids.home)];
	const inner = await subject.create(options, handlers);
	const hub = new RelayEngine(inner, options.sockets?.maxBackpressure ?? Infinity, (error, where) =>
		handlers.error(error, where)
	);
	const common: Omit<RelayOptions, 'processes'> = {
		hub,
		decide: (exchange) => handlers.upgrade(exchange),
		closeTimeout: options.sockets?.closeTimeout,
		maxWaiting: 64 * 1024 * 1024,
		onError: (error, where) => handlers.error(error, where)
	};
	const [relay] = [outpost, home].map((processes) => new Relay({ ...common, processes }));
	if (relay === undefined) throw new Error('There are two');
	const engine = await subject.create(options, {
		...handlers,
		async upgrade(exchange) {
			const outcome = await relay.ask(ids.home, exchange, false);
			if (!outcome.isDecided) await exchange.send({ status: 404, headers: [] }, null);
		}
	});
	return {
		name: engine.name,
		description: engine.description,
		limits: engine.limits,
		listen: (where) => engine.listen(where),
		publish: (...message) => hub.publish(...message),
		subscribers: (topic) => hub.subscribers(topic),
		get leaving() {
			return engine.leaving + relay.guests.size - relay.guests.count;
		},
		stop: () => engine.stop(),
		close() {
			engine.close();
			inner.close();
		}
	};
}
