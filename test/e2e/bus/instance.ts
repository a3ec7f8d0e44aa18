import { expect } from 'vitest';
import { bun, node, uws } from '../../conformance/websocket/subjects.ts';
import { openClient, type Client } from '../../support/client.ts';
import type { RunningApp } from '../../support/server.ts';

/** The tests have no TLS in front of the server, so they say themselves that they came over plain HTTP. */
const headers = { 'x-forwarded-proto': 'http', 'content-type': 'application/json' };

const subjects = { uws, node, bun };

export type EngineName = keyof typeof subjects;

/** A process that serves the app of the websocket suites, and knows others. */
export class Instance implements AsyncDisposable {
	readonly running: RunningApp;

	constructor(running: RunningApp) {
		this.running = running;
	}

	static async start(engine: EngineName, env: Record<string, string>): Promise<Instance> {
		return new Instance(await subjects[engine].run('default', env));
	}

	/** A peer on a path of the app. */
	connect(path: string): Promise<Client> {
		return openClient(this.running.port, { path, headers });
	}

	/** A peer whose client says what it does: see `commands.ts` of the app. */
	async open(...topics: string[]): Promise<Listener> {
		const client = await this.connect('/commands');
		const listener = new Listener(client);
		await listener.did('subscribe', ...topics);
		return listener;
	}

	async fetch(path: string, query: Record<string, string> = {}, method = 'GET'): Promise<string> {
		const url = `${this.running.url}${path}?${new URLSearchParams(query)}`;
		const response = await fetch(url, { method, headers });
		const text = await response.text();
		if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
		return text;
	}

	/** From an endpoint. */
	async publish(topic: string, text: string): Promise<void> {
		await this.fetch('/publish', { topic, text });
	}

	async count(topic: string): Promise<number> {
		const { countOnTopic } = JSON.parse(await this.fetch('/registry', { topic })) as {
			countOnTopic: number;
		};
		return countOnTopic;
	}

	/** When what it publishes reaches somebody who has just subscribed: a broker has to learn of that first. */
	async reaches(topic: string, ...listeners: Listener[]): Promise<void> {
		const marks: string[] = [];
		const hasHeard = (listener: Listener) => marks.some((mark) => listener.marks.has(mark));
		await expect
			.poll(
				async () => {
					marks.push(`mark ${crypto.randomUUID()}`);
					await this.publish(topic, marks.at(-1) ?? '');
					return listeners.every(hasHeard);
				},
				{ interval: 20 }
			)
			.toBe(true);
	}

	/** As `kill -9`. */
	async kill(): Promise<void> {
		this.running.signal('SIGKILL');
		await this.running.exited;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.running[Symbol.asyncDispose]();
	}
}

/** A client, and what it was told; the marks of `Instance.reaches` stand apart. */
export class Listener implements AsyncDisposable {
	readonly client: Client;
	readonly marks = new Set<string>();
	/** Text as a string, what an endpoint has published without the object around it, and binary as numbers. */
	readonly heard: (string | number[])[] = [];
	readonly #answers: unknown[] = [];
	#wake: () => void = () => {};

	constructor(client: Client) {
		this.client = client;
		client.ws.on('message', (data: Buffer, isBinary: boolean) => {
			if (isBinary) this.heard.push([...data]);
			else this.#take(data.toString());
		});
	}

	/** What one of the app's commands returns. */
	async did(name: string, ...args: unknown[]): Promise<unknown> {
		this.client.send(JSON.stringify([name, ...args]));
		while (this.#answers.length === 0) await new Promise<void>((done) => (this.#wake = done));
		return this.#answers.shift();
	}

	/** A command that returns nothing. */
	asks(name: string, ...args: unknown[]): void {
		this.client.send(JSON.stringify([name, ...args]));
	}

	#take(text: string): void {
		const fields = asObject(text);
		if ('did' in fields) {
			this.#answers.push(fields['result']);
			this.#wake();
		} else {
			const said = typeof fields['text'] === 'string' ? fields['text'] : text;
			if (said.startsWith('mark ')) this.marks.add(said);
			else this.heard.push(said);
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.client[Symbol.asyncDispose]();
	}
}

function asObject(text: string): Record<string, unknown> {
	return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
