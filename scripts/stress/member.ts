import { openClient, type Client } from '../../test/support/client.ts';
import type { Checker, Mark } from './checker.ts';
import type { Instance } from './instance.ts';
import { ownerOf } from './processes.ts';

/** Without TLS in front of the server. */
const headers = { 'x-forwarded-proto': 'http' };

/** Milliseconds between two attempts to connect, and how many there are. */
const pause = 100;
const attempts = 300;

/** Somebody who is on some topics, publishes to them, and comes back when the socket has ended, as somebody new. */
export class Member {
	readonly instance: Instance;
	/** The process that has its socket. */
	pid = 0;
	readonly topics = new Set<string>();
	/** Those on which it was heard, and has heard everybody, since it has come. */
	readonly settled = new Set<string>();
	readonly #seat: string;
	readonly #checker: Checker;
	#client: Client | undefined;
	#visits = 0;

	constructor(seat: string, instance: Instance, checker: Checker) {
		this.#seat = seat;
		this.instance = instance;
		this.#checker = checker;
	}

	/** Another one after each return: whoever comes back has missed something, and counts anew. */
	get name(): string {
		return `${this.#seat}.${this.#visits}`;
	}

	get isOpen(): boolean {
		return this.#client?.isOpen ?? false;
	}

	/** Resolves when the server has subscribed it to its topics. */
	async open(): Promise<void> {
		const client = await this.#connect();
		this.#visits += 1;
		this.settled.clear();
		const { name } = this;
		this.#client = client;
		client.ws.on('message', (data: Buffer) => this.#hear(name, data.toString()));
		void client.closed.then(() => this.#checker.forget(name));
		this.pid = this.#findProcess(client);
		for (const topic of this.topics) this.#checker.join(name, topic);
		await this.#ask('subscribe', ...this.topics);
	}

	async subscribe(topic: string): Promise<void> {
		this.topics.add(topic);
		this.#checker.join(this.name, topic);
		await this.#ask('subscribe', topic);
	}

	async unsubscribe(topic: string): Promise<void> {
		this.topics.delete(topic);
		this.settled.delete(topic);
		this.#checker.forget(this.name, topic);
		await this.#ask('unsubscribe', topic);
	}

	publish({ topic, publisher, number }: Mark): void {
		const value = [publisher, topic, number];
		this.#client?.send(JSON.stringify(['publish', topic, { mark: value }]));
	}

	/** Resolves when the socket has ended. */
	async ended(): Promise<void> {
		await this.#client?.closed;
	}

	/** Says goodbye: what it has published before arrives. */
	async leave(): Promise<void> {
		await this.#client?.close();
	}

	async close(): Promise<void> {
		await this.#client?.[Symbol.asyncDispose]();
	}

	async #connect(): Promise<Client> {
		for (let attempt = 1; ; attempt += 1) {
			try {
				return await openClient(Number(this.instance.port), { path: '/commands', headers });
			} catch (error) {
				if (attempt === attempts) throw error;
				await new Promise((resolve) => setTimeout(resolve, pause));
			}
		}
	}

	/** Resolves when the server says that it has done it. */
	async #ask(...command: string[]): Promise<void> {
		const client = this.#client;
		if (client === undefined) return;
		const done = new Promise<void>((resolve) => {
			const listener = (data: Buffer) => {
				if (!data.toString().includes(`"did":"${command[0]}"`)) return;
				client.ws.off('message', listener);
				resolve();
			};
			client.ws.on('message', listener);
		});
		client.send(JSON.stringify(command));
		await Promise.race([done, client.closed]);
	}

	#hear(name: string, text: string): void {
		const { mark } = JSON.parse(text) as { mark?: [string, string, number] };
		if (mark === undefined) return;
		const [publisher, topic, number] = mark;
		this.#checker.hear(name, { publisher, topic, number });
	}

	#findProcess({ connection }: Client): number {
		const ports = { server: connection.remotePort ?? 0, client: connection.localPort ?? 0 };
		const pid = ownerOf(this.instance.workers, ports);
		if (pid === undefined) throw new Error(`No process of ${this.instance.name} has the socket`);
		return pid;
	}
}
