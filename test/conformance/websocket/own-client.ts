import { expect } from 'vitest';
import type { Client } from '../../support/client.ts';
import { fieldsOf, frame, kinds, mark, type TopicState } from '../../../src/shared/protocol.ts';
import type { App } from './app.ts';

/** A client that speaks the protocol of this package, and is on one topic. */
export class OwnClient {
	readonly name: string;
	readonly path: string;
	readonly #app: Pick<App, 'open'>;
	/** All that was published and is for it, in the order in which it came. */
	readonly texts: string[] = [];
	readonly binary: Buffer[] = [];
	/** What it was told of the topic, each time. */
	readonly states: TopicState[] = [];
	/** What came without being published. */
	readonly told: string[] = [];
	offset = 0;
	#client: Client | undefined;
	#reading: Promise<void> | undefined;
	#start: string | undefined;

	/** @param position what a page knows where it was rendered with one */
	constructor(app: Pick<App, 'open'>, name: string, path: string, position?: string) {
		this.#app = app;
		this.name = name;
		this.path = path;
		this.#start = position;
	}

	/** When it has a connection, and has said what it has received. */
	async connect(): Promise<void> {
		const positions = this.#positions;
		const asks = `x-websocket-protocol=1.${this.name}${positions.length > 0 ? '.r' : ''}`;
		const separator = this.path.includes('?') ? '&' : '?';
		const client = await this.#app.open(`${this.path}${separator}x-websocket-heartbeat=1&${asks}`);
		expect(String(await client.message()).slice(0, 2)).toBe(mark + kinds.hello);
		if (positions.length > 0) client.send(frame(kinds.resume, JSON.stringify(positions)));
		this.#client = client;
		this.#reading = this.#read(client);
		await expect.poll(() => this.told.includes(mark + kinds.opened)).toBe(true);
		this.told.length = 0;
	}

	/** As when a network is gone. */
	async cut(): Promise<void> {
		this.#client?.ws.terminate();
		await this.#reading;
	}

	ask(wish: object): void {
		this.#client?.send(JSON.stringify(wish));
	}

	/** Send a frame. */
	say(text: string): void {
		this.#client?.send(text);
	}

	get #positions(): string[] {
		const { start } = this.states.at(-1) ?? {};
		if (start !== undefined) return [`${start}~${this.offset}`];
		return this.#start === undefined ? [] : [this.#start];
	}

	async #read(client: Client): Promise<void> {
		try {
			for (;;) {
				const message = await client.message();
				if (typeof message !== 'string') this.binary.push(message);
				else if (message.startsWith(mark)) this.#receive(message);
				else this.told.push(message);
			}
		} catch {
			// It has ended.
		}
	}

	#receive(text: string): void {
		const kind = text[1];
		if (kind === kinds.topic) {
			const state = JSON.parse(text.slice(2)) as TopicState;
			this.states.push(state);
			this.offset = state.from ?? 0;
		} else if (kind === kinds.message || kind === kinds.binary || kind === kinds.passed) {
			const [number, offset, data] = fieldsOf(text, 3);
			const expected = [this.states.at(-1)?.number, this.offset + 1];
			if (Number(number) !== expected[0] || Number(offset) !== expected[1]) {
				this.texts.push(`a gap: ${text.slice(1)} instead of ${expected.join()}`);
			}
			this.offset = Number(offset);
			if (kind === kinds.message) this.texts.push(data ?? '');
		} else this.told.push(text);
	}
}
