import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { Candidate } from '../../../../../src/server/bus/cluster/candidate.ts';
import { ClusterTransport } from '../../../../../src/server/bus/cluster/transport.ts';

/** A worker that writes down what its transport tells it. */
export class Member implements AsyncDisposable {
	readonly id = randomBytes(6).toString('hex');
	/** `connected`, `disconnected`, `left abc`, and frames as `channel: text`. */
	readonly told: string[] = [];
	readonly transport: ClusterTransport;
	#channels: string[] = [];

	/** @param isCandidate nobody runs the router for it */
	constructor(place: string, isCandidate = false) {
		const candidate = isCandidate ? new Candidate(place, this.id) : undefined;
		this.transport = new ClusterTransport({
			process: this.id,
			place,
			...(candidate && { candidate })
		});
	}

	static async open(place: string, isCandidate = false): Promise<Member> {
		const member = new Member(place, isCandidate);
		await member.open();
		return member;
	}

	async open(): Promise<void> {
		await this.transport.open({
			frame: (channel, frame) => this.told.push(`${channel}: ${Buffer.from(frame).toString()}`),
			connected: () => {
				this.told.push('connected');
				this.transport.listen(this.#channels);
			},
			disconnected: () => this.told.push('disconnected'),
			left: (id) => this.told.push(`left ${id}`)
		});
	}

	listen(...channels: string[]): void {
		this.#channels.push(...channels);
		this.transport.listen(channels);
	}

	publish(channel: string, text: string): void {
		this.transport.publish(channel, Buffer.from(text));
	}

	/** When it was told so. */
	async hears(what: string): Promise<void> {
		await expect.poll(() => this.told).toContain(what);
	}

	/** When what this one publishes on its own arrives at another: all that was listened on until now is known. */
	async reaches(other: Member): Promise<void> {
		const channel = randomBytes(6).toString('hex');
		other.listen(channel);
		const says = () => {
			this.publish(channel, 'hello');
			return other.told.includes(`${channel}: hello`);
		};
		await expect.poll(says).toBe(true);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.transport.close();
	}
}
