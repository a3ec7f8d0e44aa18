import { mark, type TopicState } from '../../../src/shared/protocol.ts';
import type { Registry } from '../../../src/server/registry/registry.ts';
import { connect, type Connected, type LiveEngine } from './live-engine.ts';

interface Process {
	registry: Registry;
	engine: LiveEngine;
}

/** A client of ours that is on one topic, and complains when something comes twice, or not in its turn. */
export class OwnRoomClient {
	readonly name: string;
	readonly topic: string;
	/** All that it has, in the order in which it came. */
	readonly texts: string[] = [];
	/** What it has published itself. */
	readonly own: string[] = [];
	/** How often it was told that something cannot be recovered. */
	lost = 0;
	state: TopicState | undefined;
	last = 0;
	#connected: Connected | undefined;

	constructor(name: string, topic: string) {
		this.name = name;
		this.topic = topic;
	}

	get position(): string | undefined {
		return this.state && `${this.state.start}~${this.last}`;
	}

	connect(process: Process, replay?: number): void {
		const { position, name } = this;
		this.#connected = connect(process.registry, process.engine, {
			name,
			...(position !== undefined && { positions: [position] })
		});
		this.#connected.peer.subscribe(this.topic, replay === undefined ? undefined : { replay });
	}

	disconnect(): void {
		this.read();
		this.#connected?.end();
		this.#connected = undefined;
	}

	publish(text: string): void {
		this.read();
		if (!this.#connected) return;
		this.own.push(text);
		this.#connected.peer.publish(this.topic, text);
	}

	/** What has come since. */
	read(): void {
		for (const frame of this.#connected?.take() ?? []) this.#receive(String(frame));
	}

	/** @throws {Error} for what may not come */
	#receive(frame: string): void {
		if (!frame.startsWith(mark)) return void this.texts.push(frame);
		const kind = frame[1];
		if (kind === mark) return void this.texts.push(frame.slice(1));
		if (kind === 't') return this.#introduced(JSON.parse(frame.slice(2)) as TopicState);
		const [, number, offset, text = ''] = /^.[mp](\d+),(\d+)(?:,(.*))?$/su.exec(frame) ?? [];
		if (Number(number) !== this.state?.number) throw new Error(`${frame} is of no topic`);
		if (Number(offset) !== this.last + 1) {
			throw new Error(`${this.name} has ${this.last}, and then comes ${frame.slice(1)}`);
		}
		this.last = Number(offset);
		if (kind === 'm') this.texts.push(text);
	}

	#introduced(state: TopicState): void {
		if (state.isRecovered === false) this.lost += 1;
		const { from = 0 } = state;
		if (state.isRecovered && from !== this.last) {
			throw new Error(`${this.name} has ${this.last}, and is told ${from}`);
		}
		this.state = state;
		this.last = from;
	}
}
