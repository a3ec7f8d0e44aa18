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
	/** `write` says that the connection is full. */
	isFull = false;
	isEnded = false;
	isClosed = false;
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
		return !this.isFull;
	}

	close(): void {
		this.isClosed = true;
	}

	end(body: Uint8Array = new Uint8Array(0)): void {
		this.isEnded = true;
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

	/** The connection takes something again. */
	drain(): void {
		this.isFull = false;
		this.#onWritable(this.#offset);
	}

	get text(): string {
		return Buffer.concat(this.given).toString();
	}

	#count(bytes: number): this {
		this.corks.push((this.corks.pop() ?? 0) + bytes);
		return this;
	}
}

/** What is put off to the end of the turn has been done. */
function turn(): Promise<void> {
	return new Promise((resolve) => process.nextTick(resolve));
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

describe('a body that is written chunk by chunk', () => {
	it('leaves in one cork as far as it is written in one turn, with its head and its end', async () => {
		const { res, ends, sink: sent } = sink(100);
		for (const chunk of ['a', 'b', 'c']) await sent.write(Buffer.from(chunk));
		await sent.finish();
		await turn();
		expect(res.text).toBe('abc');
		expect(res.corks).toHaveLength(1);
		expect(ends).toEqual([0]);
	});

	it('leaves at the end of the turn, whatever comes later', async () => {
		const { res, sink: sent } = sink(100);
		await sent.write(Buffer.from('a'));
		await sent.write(Buffer.from('b'));
		await turn();
		expect(res.text).toBe('ab');
		await sent.write(Buffer.from('c'));
		await turn();
		expect(res.text).toBe('abc');
		expect(res.corks).toHaveLength(2);
	});

	it('never gathers more than fits into one cork', async () => {
		const { res, sink: sent } = sink(3000);
		const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(1500, index));
		for (const chunk of chunks) await sent.write(chunk);
		await sent.finish();
		await turn();
		expect(Buffer.concat(res.given).equals(Buffer.concat(chunks))).toBe(true);
		expect(Math.max(...res.corks)).toBeLessThan(corkSize);
		expect(res.corks.length).toBeLessThan(10);
	});

	it('waits with what follows, and with its end, until the client takes more', async () => {
		const { res, sink: sent } = sink(100);
		res.isFull = true;
		await sent.write(Buffer.from('a'));
		await turn();
		const rest = sent.write(Buffer.from('b')).then(() => sent.finish());
		await turn();
		expect(res.text).toBe('a');
		expect(res.isEnded).toBe(false);
		res.drain();
		await rest;
		expect(res.text).toBe('ab');
		expect(res.isEnded).toBe(true);
	});

	it('waits with its end alone, too', async () => {
		const { res, sink: sent } = sink(100);
		res.isFull = true;
		await sent.write(Buffer.from('a'));
		await turn();
		const end = sent.finish();
		await turn();
		expect(res.isEnded).toBe(false);
		res.drain();
		await end;
		expect(res.isEnded).toBe(true);
	});

	it('is cut where it fails, and what was written before has left', async () => {
		const { res, sink: sent } = sink(100);
		await sent.write(Buffer.from('a'));
		sent.fail();
		await turn();
		expect(res.text).toBe('a');
		expect(res.isClosed).toBe(true);
		expect(res.isEnded).toBe(false);
	});
});

describe('what is written to uWS', () => {
	it.each([
		[100, 100_000],
		[3000, 100_000],
		[3000, 15 * 1024],
		[12_000, 2048]
	])('fits into one cork at a time: a head of %d bytes, a chunk of %d', async (head, size) => {
		const { res, sink: sent } = sink(head);
		await sent.write(new Uint8Array(size));
		await turn();
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
