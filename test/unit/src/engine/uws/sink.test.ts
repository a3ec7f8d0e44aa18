import { describe, expect, it } from 'vitest';
import type { HttpResponse } from 'uWebSockets.js';
import type { BaseExchange } from '../../../../../src/server/engine/base-exchange.ts';
import { joinHead } from '../../../../../src/server/engine/uws/head.ts';
import { UwsSink } from '../../../../../src/server/engine/uws/sink.ts';
import { TextEncoding } from '../../../../../src/server/engine/uws/text.ts';

/** Bytes that uWS collects before it writes: with more of them it may lose what follows on a connection that is full. */
const corkSize = 16 * 1024;

const name = 'x-long';

/** A response of uWS that keeps what is written to it, cork by cork. */
class Response {
	/** Bytes of each cork that are lost where the connection is full: those of `tryEnd` are offered again. */
	readonly corks: number[] = [];
	readonly given: Uint8Array[] = [];
	/** How many bytes `tryEnd` takes. */
	room = Infinity;
	#offset = 0;
	#onWritable: (offset: number) => void = () => {};

	cork(write: () => void): void {
		this.corks.push(0);
		write();
	}

	writeStatus(status: string): this {
		return this.#count(status.length + 'HTTP/1.1 \r\n'.length);
	}

	write(chunk: Uint8Array): boolean {
		this.given.push(chunk);
		this.#count(chunk.byteLength + '3c00\r\n\r\n'.length);
		return true;
	}

	end(body: Uint8Array = new Uint8Array(0)): void {
		this.given.push(body);
		this.#count(body.byteLength);
	}

	tryEnd(rest: Uint8Array): [boolean, boolean] {
		if (rest.byteLength === 0) throw new Error('Newer builds take this for the end');
		const taken = rest.subarray(0, this.room);
		this.given.push(taken);
		this.#offset += taken.byteLength;
		this.room = Infinity;
		if (taken.byteLength < rest.byteLength) queueMicrotask(() => this.#onWritable(this.#offset));
		return [taken.byteLength === rest.byteLength, false];
	}

	getWriteOffset(): number {
		return this.#offset;
	}

	get size(): number {
		return Buffer.concat(this.given).byteLength;
	}

	onWritable(listener: (offset: number) => void): void {
		this.#onWritable = listener;
	}

	#count(bytes: number): this {
		this.corks.push((this.corks.pop() ?? 0) + bytes);
		return this;
	}
}

function sink(headLength: number) {
	const res = new Response();
	const ends: number[] = [];
	const exchange = {
		aborted: false,
		beforeEnd: () => ends.push(res.size),
		releaseBody() {},
		onAbort() {}
	} as unknown as BaseExchange;
	const headers: [string, string][] = [[name, 'x'.repeat(headLength)]];
	return {
		res,
		ends,
		sink: new UwsSink(
			res as unknown as HttpResponse,
			exchange,
			new TextEncoding(),
			joinHead(200, headers)
		)
	};
}

describe('what is written to uWS', () => {
	it.each([
		[100, 100_000],
		[3000, 100_000],
		[3000, 15 * 1024],
		[12_000, 2048]
	])('fits into one cork at a time: a head of %d bytes, a chunk of %d', async (head, size) => {
		const { res, sink: sent } = sink(head);
		await sent.write(new Uint8Array(size));
		expect(Buffer.concat(res.given)).toHaveLength(size);
		expect(Math.max(...res.corks)).toBeLessThan(corkSize);
	});

	it.each([
		[100, 15 * 1024],
		[3000, 15 * 1024],
		[3000, 13 * 1024],
		[12_000, 5000]
	])('fits into one cork: a head of %d bytes, a body of %d', async (head, size) => {
		const { res, sink: sent } = sink(head);
		await sent.end(new Uint8Array(size));
		expect(Buffer.concat(res.given)).toHaveLength(size);
		expect(Math.max(...res.corks)).toBeLessThan(corkSize);
	});

	it('is no empty chunk of a body of a known length', async () => {
		const { res, ends, sink: sent } = sink(100);
		for (const text of ['', 'a', '', 'b', '']) await sent.writeSized(Buffer.from(text), 2);
		expect(Buffer.concat(res.given).toString()).toBe('ab');
		expect(ends).toEqual([2]);
	});

	it('goes on where uWS has stopped to take a body of a known length', async () => {
		const { res, ends, sink: sent } = sink(100);
		const body = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251));
		res.room = 1000;
		const taken = sent.end(body);
		expect(ends).toEqual([]);
		await taken;
		expect(ends).toEqual([body.byteLength]);
		expect(Buffer.concat(res.given).equals(body)).toBe(true);
	});
});
