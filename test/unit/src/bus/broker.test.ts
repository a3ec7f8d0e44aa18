import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Broker, Link, LinkEvents } from '../../../../src/server/bus/broker/link.ts';
import { BrokerTransport } from '../../../../src/server/bus/broker/transport.ts';
import { createLog } from '../../../../src/server/log.ts';

/** Longer than anything here waits. */
const longest = 20_000;

/** One attempt to connect. */
interface Attempt {
	readonly events: LinkEvents;
	readonly signal: AbortSignal;
	accept(): Promise<FakeLink>;
	refuse(reason: string): Promise<void>;
}

class FakeLink implements Link {
	readonly maxFrame = 100 * 1024 * 1024;
	readonly calls: string[] = [];
	/** Of what was published, in bytes, and when the broker has it. */
	readonly waiting: { length: number; arrive: () => void }[] = [];
	answers = true;

	publish(_channel: string, { byteLength: length }: Uint8Array): Promise<void> {
		return new Promise((arrive) => this.waiting.push({ length, arrive }));
	}

	async arrive(count = Infinity): Promise<void> {
		for (const { arrive } of this.waiting.splice(0, count)) arrive();
		await settled();
	}

	subscribe(channels: readonly string[]): void {
		this.calls.push(`subscribe ${channels.join()}`);
	}

	unsubscribe(channels: readonly string[]): void {
		this.calls.push(`unsubscribe ${channels.join()}`);
	}

	ping(): Promise<void> {
		return this.answers ? Promise.resolve() : new Promise(() => {});
	}
}

/** Whatever follows in microtasks has happened. */
async function settled(): Promise<void> {
	for (let count = 0; count < 20; count += 1) await Promise.resolve();
}

/** A broker that answers when it is told to, and the transport over it, which is opening. */
function prepare() {
	const attempts: Attempt[] = [];
	const seen: string[] = [];
	const broker: Broker = {
		name: 'redis',
		description: 'redis at nowhere',
		maxFrame: 10,
		connect(events, signal) {
			const { promise, resolve, reject } = Promise.withResolvers<Link>();
			attempts.push({
				events,
				signal,
				async accept() {
					const link = new FakeLink();
					resolve(link);
					await settled();
					return link;
				},
				async refuse(reason) {
					reject(new Error(reason));
					await settled();
				}
			});
			return promise;
		}
	};
	const lines: string[] = [];
	const write = (line: string) => void lines.push(line);
	const log = createLog(() => {}, { log: write, warn: write, error: write });
	const transport = new BrokerTransport(broker, log);
	const opened = transport.open({
		frame: (channel) => seen.push(`frame on ${channel}`),
		connected: () => seen.push('connected'),
		disconnected: (reason) => seen.push(`disconnected: ${(reason as Error).message}`),
		left: () => {}
	});
	const last = () => attempts.at(-1) as Attempt;
	return { attempts, seen, lines, transport, opened, last };
}

describe('BrokerTransport', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('is open when the first attempt has succeeded, and listens and publishes on that link', async () => {
		const { transport, opened, seen, last } = prepare();
		expect(transport.maxFrame).toBe(10);
		const link = await last().accept();
		await opened;
		expect(seen).toEqual(['connected']);
		expect(transport.maxFrame).toBe(link.maxFrame);
		transport.listen(['a', 'b']);
		transport.unlisten(['a']);
		transport.publish('b', new Uint8Array(3));
		last().events.frame('b', new Uint8Array());
		expect(link.calls).toEqual(['subscribe a,b', 'unsubscribe a']);
		expect(link.waiting.map(({ length }) => length)).toEqual([3]);
		expect(seen).toEqual(['connected', 'frame on b']);
	});

	it('is open when the first attempt has failed, and tries again with growing delays, up to five seconds', async () => {
		const { opened, seen, attempts, last } = prepare();
		await last().refuse('no');
		await opened;
		expect(last().signal.aborted).toBe(true);
		const delays: number[] = [];
		for (let count = 1; count < 12; count += 1) {
			const start = Date.now();
			while (attempts.length === count) await vi.advanceTimersByTimeAsync(10);
			delays.push(Date.now() - start);
			await last().refuse('no');
		}
		expect(delays[0]).toBeLessThanOrEqual(110);
		expect(delays.at(-1)).toBeGreaterThanOrEqual(2500);
		expect(Math.max(...delays)).toBeLessThanOrEqual(5010);
		while (attempts.length === 12) await vi.advanceTimersByTimeAsync(10);
		const { length } = attempts;
		await last().accept();
		expect(seen).toEqual(['disconnected: no', 'connected']);
		await vi.advanceTimersByTimeAsync(longest);
		expect(attempts).toHaveLength(length);
		last().events.lost(new Error('gone'));
		const start = Date.now();
		while (attempts.length === length) await vi.advanceTimersByTimeAsync(10);
		expect(Date.now() - start).toBeLessThanOrEqual(110);
	});

	it('waits longer each time for a broker that takes the connection and cuts it', async () => {
		const { attempts, last } = prepare();
		let delay = 0;
		for (let count = 1; count < 10; count += 1) {
			await last().accept();
			last().events.lost(new Error('cut'));
			const start = Date.now();
			while (attempts.length === count) await vi.advanceTimersByTimeAsync(10);
			delay = Date.now() - start;
		}
		expect(delay).toBeGreaterThanOrEqual(2500);
	});

	it('gives up an attempt that nobody answers, with all that belongs to it', async () => {
		const { opened, seen, last } = prepare();
		const { signal, accept } = last();
		await vi.advanceTimersByTimeAsync(5000);
		await opened;
		expect(seen).toEqual(['disconnected: It does not answer']);
		expect(signal.aborted).toBe(true);
		await accept();
		expect(seen).toHaveLength(1);
	});

	it('hears nothing any more of a link that is lost', async () => {
		const { transport, seen, attempts, last } = prepare();
		const link = await last().accept();
		const { events } = last();
		events.lost(new Error('gone'));
		events.lost(new Error('gone again'));
		events.frame('a', new Uint8Array());
		events.refused(new Error('late'));
		transport.publish('a', new Uint8Array(1));
		transport.listen(['a']);
		expect(seen).toEqual(['connected', 'disconnected: gone']);
		expect(link.waiting).toEqual([]);
		expect(link.calls).toEqual([]);
		while (attempts.length === 1) await vi.advanceTimersByTimeAsync(10);
		await last().accept();
		events.lost(new Error('the first one, later'));
		expect(seen).toEqual(['connected', 'disconnected: gone', 'connected']);
	});

	it('notices a broker that keeps the connection and does nothing, but not a process that was busy', async () => {
		const { seen, last } = prepare();
		const link = await last().accept();
		await vi.advanceTimersByTimeAsync(10 * longest);
		expect(seen).toEqual(['connected']);
		link.answers = false;
		await vi.advanceTimersByTimeAsync(4000);
		expect(seen).toEqual(['connected']);
		await vi.advanceTimersByTimeAsync(longest);
		expect(seen).toEqual(['connected', 'disconnected: It does not answer any more']);
	});

	it('waits for what was published before it closes, and connects no more', async () => {
		const { transport, attempts, last } = prepare();
		const link = await last().accept();
		transport.publish('a', new Uint8Array(1));
		let isClosed = false;
		const closed = transport.close().then(() => (isClosed = true));
		await vi.advanceTimersByTimeAsync(100);
		expect(isClosed).toBe(false);
		expect(last().signal.aborted).toBe(false);
		await link.arrive();
		await closed;
		expect(last().signal.aborted).toBe(true);
		last().events.lost(new Error('of course'));
		await vi.advanceTimersByTimeAsync(longest);
		expect(attempts).toHaveLength(1);
	});

	it('connects no more when it is closed between two attempts, or in the midst of one', async () => {
		const between = prepare();
		await between.last().refuse('no');
		await between.transport.close();
		const midst = prepare();
		await midst.transport.close();
		await midst.opened;
		expect(midst.last().signal.aborted).toBe(true);
		await midst.last().accept();
		await vi.advanceTimersByTimeAsync(longest);
		for (const { attempts } of [between, midst]) expect(attempts).toHaveLength(1);
		expect(midst.seen).toEqual([]);
	});

	it('loses what a broker that reads too slowly cannot take, says so once, and once when it keeps up again', async () => {
		const { transport, lines, last } = prepare();
		const link = await last().accept();
		const mebibyte = new Uint8Array(1024 * 1024);
		for (let count = 0; count < 70; count += 1) transport.publish('a', mebibyte);
		expect(link.waiting).toHaveLength(64);
		expect(lines).toEqual([
			expect.stringMatching(/cannot keep up.+redis at nowhere.+67108864 bytes wait/)
		]);
		await link.arrive(16);
		transport.publish('a', mebibyte);
		expect(link.waiting).toHaveLength(49);
		expect(lines).toHaveLength(1);
		await link.arrive();
		expect(lines).toHaveLength(2);
		expect(lines[1]).toMatch(/keeps up again.+6 batches were lost/);
		transport.publish('a', mebibyte);
		expect(link.waiting).toHaveLength(1);
	});

	it('carries one frame that is larger than what may wait, if it is alone', async () => {
		const { transport, lines, last } = prepare();
		const link = await last().accept();
		transport.publish('a', new Uint8Array(80 * 1024 * 1024));
		transport.publish('a', new Uint8Array(1));
		expect(link.waiting).toHaveLength(1);
		expect(lines).toHaveLength(1);
	});

	it('says once what the broker refuses', async () => {
		const { lines, last, seen } = prepare();
		await last().accept();
		for (const reason of ['NOPERM this', 'NOPERM that']) last().events.refused(new Error(reason));
		expect(lines).toEqual([expect.stringMatching(/refuses.+redis at nowhere.+NOPERM this/)]);
		expect(seen).toEqual(['connected']);
	});
});
