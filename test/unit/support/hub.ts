import type { Bus, BusMessage, BusOptions, BusState } from '../../../src/server/bus/bus.ts';

/** A broker in this process that delivers at once. */
export class FakeHub {
	readonly buses = new Set<FakeBus>();
	/** What was published, by whomever. */
	readonly published: (BusMessage & { topic: string; sender: string })[] = [];

	readonly create = (options: BusOptions): FakeBus => {
		const bus = new FakeBus(this, options);
		this.buses.add(bus);
		return bus;
	};
}

export class FakeBus implements Bus {
	readonly name = 'fake';
	readonly description = 'a fake';
	state: BusState = 'reconnecting';
	/** How often each topic is subscribed to. */
	readonly interest = new Map<string, number>();
	readonly options: BusOptions;
	readonly #hub: FakeHub;

	constructor(hub: FakeHub, options: BusOptions) {
		this.#hub = hub;
		this.options = options;
	}

	open(): Promise<void> {
		this.become('connected');
		return Promise.resolve();
	}

	/** The broker comes or goes. */
	become(state: BusState, reason?: string): void {
		this.state = state;
		this.options.events.state(state, reason);
	}

	publish(topic: string, { kind, data }: BusMessage): void {
		if (this.state !== 'connected') return;
		const sender = this.options.process;
		const copy = typeof data === 'string' ? data : new Uint8Array(data);
		this.#hub.published.push({ topic, kind, data: copy, sender });
		for (const bus of this.#hub.buses) {
			if (bus === this || bus.state !== 'connected' || !bus.interest.has(topic)) continue;
			bus.options.events.message(topic, { kind, data: copy }, sender);
		}
	}

	subscribe(topic: string): void {
		this.interest.set(topic, (this.interest.get(topic) ?? 0) + 1);
	}

	unsubscribe(topic: string): void {
		const count = (this.interest.get(topic) ?? 0) - 1;
		if (count > 0) this.interest.set(topic, count);
		else this.interest.delete(topic);
	}

	close(): Promise<void> {
		if (this.state !== 'closed') this.become('closed');
		this.#hub.buses.delete(this);
		return Promise.resolve();
	}
}
