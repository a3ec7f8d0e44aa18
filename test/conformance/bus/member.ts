import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Bus, BusData, BusMessage, BusState } from '../../../src/server/bus/bus.ts';
import { createLog } from '../../../src/server/log.ts';
import type { Meeting } from './subject.ts';

/** What says that a subscription has reached the broker. */
const probe = 255;

export interface Received extends BusMessage {
	readonly topic: string;
	readonly sender: string;
}

/** A bus, and what has come of it. */
export class Member implements AsyncDisposable {
	readonly id = randomBytes(6).toString('hex');
	readonly received: Received[] = [];
	readonly states: BusState[] = [];
	/** Of each state. */
	readonly reasons: (string | undefined)[] = [];
	readonly lines: string[] = [];
	/** Called with each message, before it is kept. */
	onMessage: ((topic: string) => void) | undefined;
	/** Called with each state. */
	onState: ((state: BusState) => void) | undefined;
	readonly #probes = new Set<string>();
	#bus: Bus | undefined;

	static async create(meeting: Meeting): Promise<Member> {
		const member = new Member();
		const write = (line: string) => void member.lines.push(line);
		member.#bus = await meeting.create(
			{
				process: member.id,
				events: {
					message: (topic, message, sender) => member.#receive(topic, message, sender),
					state: (state, reason) => {
						member.states.push(state);
						member.reasons.push(reason);
						member.onState?.(state);
					},
					left: () => {}
				}
			},
			createLog(() => {}, { log: write, warn: write, error: write })
		);
		return member;
	}

	static async open(meeting: Meeting): Promise<Member> {
		const member = await Member.create(meeting);
		await member.bus.open();
		return member;
	}

	get bus(): Bus {
		if (this.#bus === undefined) throw new Error('There is no bus yet');
		return this.#bus;
	}

	/** Data of what has come on a topic, or on all. */
	data(topic?: string): BusData[] {
		return this.received
			.filter((each) => topic === undefined || each.topic === topic)
			.map(({ data }) => data);
	}

	publish(topic: string, ...all: BusData[]): void {
		for (const data of all) this.bus.publish(topic, { kind: 0, data });
	}

	/** Resolves when what `from` publishes on a topic comes here. */
	async hears(from: Member, topic: string): Promise<void> {
		const name = randomBytes(6).toString('hex');
		await expect
			.poll(() => {
				if (!this.#probes.has(name)) from.bus.publish(topic, { kind: probe, data: name });
				return this.#probes.has(name);
			})
			.toBe(true);
	}

	/** Resolves when this has come; what has come before it is there by then. */
	async until(topic: string, last: BusData): Promise<void> {
		await expect.poll(() => this.data(topic).includes(last)).toBe(true);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.bus.close();
	}

	#receive(topic: string, message: BusMessage, sender: string): void {
		if (message.kind === probe) {
			this.#probes.add(String(message.data));
			return;
		}
		this.onMessage?.(topic);
		this.received.push({ ...message, topic, sender });
	}
}
