import type { Engine, EngineLimits, ListenOptions, SocketData } from '../engine/engine.ts';
import { Topics } from '../topic-members.ts';
import type { RelayedHub, RelayedSocket } from './relayed-socket.ts';

/** An engine with more sockets than it has connections: those that are relayed are on its topics as well. */
export class RelayEngine implements Engine, RelayedHub {
	readonly topics = new Topics<RelayedSocket>();
	readonly maxBackpressure: number;
	readonly #engine: Engine;
	readonly #onError: (error: unknown, where: string) => void;

	constructor(
		engine: Engine,
		maxBackpressure: number,
		onError: (error: unknown, where: string) => void
	) {
		this.#engine = engine;
		this.maxBackpressure = maxBackpressure;
		this.#onError = onError;
	}

	get name(): string {
		return this.#engine.name;
	}

	get description(): string {
		return this.#engine.description;
	}

	get limits(): EngineLimits {
		return this.#engine.limits;
	}

	get leaving(): number {
		return this.#engine.leaving;
	}

	listen(options: ListenOptions): Promise<ListenOptions> {
		return this.#engine.listen(options);
	}

	publish(topic: string, data: SocketData, compress: boolean, sender?: RelayedSocket): void {
		this.#engine.publish(topic, data, compress);
		// Some may go meanwhile.
		for (const socket of [...(this.topics.members(topic) ?? [])]) {
			if (socket !== sender) socket.send(data, compress);
		}
	}

	subscribers(topic: string): number {
		return this.#engine.subscribers(topic) + (this.topics.members(topic)?.size ?? 0);
	}

	stop(...how: Parameters<Engine['stop']>): Promise<void> {
		return this.#engine.stop(...how);
	}

	close(): void {
		this.#engine.close();
	}

	guard(where: string, run: () => void): void {
		try {
			run();
		} catch (error) {
			this.#onError(error, where);
		}
	}
}
