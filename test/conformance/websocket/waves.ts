import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { App } from './app.ts';
import { closeFrame, frame, FrameSocket } from './raw-frames.ts';
import type { Subject } from './subject.ts';

const total = 10_000;

/** How many sockets of one wave are opening or closing at a time: the backlog of the server holds more. */
const atOnce = 50;

/** So many waves at least, until memory is stable; or so many at most, and it is taken for what it is. */
const warmUpWaves = [6, 10] as const;

const topic = 'wave';

/** What `/memory` tells about the server's process, right after its garbage was collected. */
interface Usage {
	heapUsed: number;
	external: number;
	rss: number;
	timers: number;
	peers: number;
	subscribers: number;
}

/**
 * Bytes, in two measures. The heap, with what its objects hold outside of it, is exact: some 200 bytes that a socket
 * leaves behind are seen. What an engine in C++ takes for itself is seen in the size of the process only, and roughly,
 * since neither V8 nor malloc give everything back: from a kilobyte per socket on, such as a buffer that is not freed.
 */
interface Memory {
	heap: number;
	process: number;
}

/** Sockets in great numbers, one wave after another. */
export function wavesSuite(subject: Subject): void {
	describe(`${subject.name}: waves of sockets`, () => {
		const app = new App(subject);

		test('leave nothing behind: no peer, no subscription, no timer and no memory', async () => {
			const size = waveSize();
			const none = { peers: 0, subscribers: 0 };
			// a development server has timers and caches of its own
			const nothing = subject.isProduction ? { ...none, timers: (await usage(app)).timers } : none;
			let waves = 0;
			const wave = async () => {
				waves += 1;
				await runWave(app, size, `wave ${waves}`);
				await expect.poll(() => usage(app)).toMatchObject(nothing);
				return leastMemory(app);
			};
			const before = subject.isProduction ? await warmUp(wave) : undefined;
			for (let opened = 0; opened < total; opened += size) await wave();
			expect(app.running.isRunning).toBe(true);
			if (before === undefined) return;
			const limit = { heap: before.heap * 1.1, process: before.process * 1.1 };
			await expect.poll(async () => (await leastMemory(app)).heap).toBeLessThan(limit.heap);
			await expect.poll(async () => (await leastMemory(app)).process).toBeLessThan(limit.process);
			// a hang has to end somehow; twenty thousand handshakes take minutes on a busy machine
		}, 600_000);
	});
}

/** The first waves leave something for good, such as compiled code and a larger heap: on until two in a row leave the same. */
async function warmUp(wave: () => Promise<Memory>): Promise<Memory> {
	const [fewest, most] = warmUpWaves;
	let last = await wave();
	for (let count = 2; count <= most; count += 1) {
		const next = await wave();
		const isStable = isNear(next.heap, last.heap) && isNear(next.process, last.process);
		if (count >= fewest && isStable) return next;
		last = next;
	}
	return last;
}

function isNear(one: number, other: number): boolean {
	return Math.abs(one - other) < other * 0.02;
}

/** Open sockets, publish to all of them, and close each of them in one of the ways there are. */
async function runWave(app: App, size: number, text: string): Promise<void> {
	const sockets: FrameSocket[] = [];
	const indices = Array.from({ length: size }, (_, index) => index);
	await each(indices, async () => {
		const socket = await FrameSocket.open(app, '/commands');
		sockets.push(socket);
		socket.write(frame({ payload: `["subscribe","${topic}"]` }));
		expect(String(await socket.payload('text'))).toContain(topic);
	});
	expect(await usage(app)).toMatchObject({ peers: size, subscribers: size });
	await app.text(`/publish?topic=${topic}&text=${encodeURIComponent(text)}`);
	for (const socket of sockets) {
		expect(String(await socket.payload('text'))).toBe(JSON.stringify({ text }));
	}
	await each(sockets, async (socket, index) => {
		await ways[index % ways.length]?.(socket);
		await socket[Symbol.asyncDispose]();
	});
}

const ways: ((socket: FrameSocket) => Promise<void>)[] = [
	async function byClient(socket) {
		socket.write(closeFrame(4001, 'bye'));
		expect((await socket.ending()).code).toBe(4001);
	},
	async function byReset({ connection }) {
		connection.socket.resetAndDestroy();
		await connection.closed();
	},
	async function byServer(socket) {
		socket.write(frame({ payload: '["close",4000,"bye"]' }));
		const payload = await socket.payload('close');
		expect(payload.readUInt16BE()).toBe(4000);
		socket.write(frame({ opcode: 'close', payload }));
		await socket.connection.closed();
	}
];

/** A few at a time. */
async function each<T>(
	items: readonly T[],
	run: (item: T, index: number) => Promise<void>
): Promise<void> {
	const entries = items.entries();
	const work = async () => {
		for (const [index, item] of entries) await run(item, index);
	};
	await Promise.all(Array.from({ length: atOnce }, work));
}

function usage(app: App): Promise<Usage> {
	return app.json(`/memory?topic=${topic}`);
}

/** Of several collections: what one of them finds may be freed by the next one only. */
async function leastMemory(app: App): Promise<Memory> {
	let least: Memory = { heap: Infinity, process: Infinity };
	for (let count = 0; count < 3; count += 1) {
		const { heapUsed, external, rss } = await usage(app);
		least = {
			heap: Math.min(least.heap, heapUsed + external),
			process: Math.min(least.process, rss)
		};
	}
	return least;
}

/** Both processes need a descriptor per socket, and have the same limit: one has started the other. */
function waveSize(): number {
	const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
	const limit = report.userLimits?.open_files?.soft;
	return typeof limit === 'number' ? Math.min(2000, Math.floor(limit / 4)) : 2000;
}
