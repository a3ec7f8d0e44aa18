import { createHash, createHmac } from 'node:crypto';
import { positionSeparator } from '../../shared/protocol.ts';

/** Characters of what is made of a hash: 72 bits for a name, 96 for a signature. */
const nameLength = 12;
const signatureLength = 16;

const form = new RegExp(
	`^([\\w-]{${nameLength}})\\.([\\w-]{${nameLength}})\\.([\\da-z]{1,11})\\.([\\w-]{${signatureLength}})` +
		`(?:${positionSeparator}(\\d{1,16}))?$`
);

/**
 * What clients hold of a topic, which says nothing about it to them: `<topic>.<epoch>.<offset>.<signature>`, then a tilde and a
 * later offset. They cannot make an earlier one of it: nobody reads what was said before he came.
 */
export class Positions {
	/** What stands for the topic. */
	readonly token: string;
	#epoch = '';
	#publicEpoch = '';
	/** That of the offset which was asked for last: many ask at the same one. */
	#newest: { offset: number; text: string } | undefined;

	constructor(topic: string) {
		this.token = hash(`topic ${topic}`);
	}

	/** A position that nothing was received after. @param epoch as in `LogPosition`: a secret */
	at(epoch: string, offset: number): string {
		this.#use(epoch);
		if (this.#newest?.offset !== offset) {
			const text = `${this.token}.${this.#publicEpoch}.${offset.toString(36)}`;
			this.#newest = { offset, text: `${text}.${sign(epoch, text)}` };
		}
		return this.#newest.text;
	}

	/** @returns the offset; `stale` for one of numbers that are no more, undefined for what is no position of this topic */
	read(epoch: string, position: string): number | 'stale' | undefined {
		this.#use(epoch);
		const [, token, publicEpoch, start = '', signature, later] = form.exec(position) ?? [];
		if (token !== this.token) return undefined;
		if (publicEpoch !== this.#publicEpoch) return 'stale';
		if (signature !== sign(epoch, `${token}.${publicEpoch}.${start}`)) return undefined;
		const from = parseInt(start, 36);
		const offset = later === undefined ? from : Number(later);
		return offset >= from && Number.isSafeInteger(offset) ? offset : undefined;
	}

	#use(epoch: string): void {
		if (epoch === this.#epoch) return;
		this.#epoch = epoch;
		this.#publicEpoch = hash(`epoch ${epoch}`);
		this.#newest = undefined;
	}
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, nameLength);
}

function sign(epoch: string, text: string): string {
	return createHmac('sha256', epoch).update(text).digest('base64url').slice(0, signatureLength);
}
