import cluster, { type Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slot } from '../../../../src/server/workers/slot.ts';
import { FakeLog } from '../../support/log.ts';

class FakeWorker extends EventEmitter {
	readonly sent: unknown[] = [];
	readonly process: { pid?: number; kill: (signal: string) => void } = {
		pid: 1,
		kill: (signal) => void this.sent.push(signal)
	};
	isConnected = () => true;
	send = (message: unknown) => this.sent.push(message);
}

const listening = { type: 'svelte-adapter-ws:listening', line: '', bound: { fd: 3 } };

/** A slot whose workers are none. */
function slot(isReplaced = true) {
	const workers: FakeWorker[] = [];
	vi.spyOn(cluster, 'fork').mockImplementation(() => {
		const worker = new FakeWorker();
		workers.push(worker);
		return worker as unknown as Worker;
	});
	const log = new FakeLog();
	const codes: number[] = [];
	const made = new Slot(2, log, {
		ended: (code) => {
			codes.push(code);
			return isReplaced;
		},
		listening() {},
		stepped() {}
	});
	made.start({});
	return { made, workers, log, codes, last: () => workers.at(-1) as FakeWorker };
}

describe('the place of a worker', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
	});

	it('is filled again after 100 ms, then after twice as long, and never after more than 30 s', () => {
		const { workers, log, last } = slot();
		const pauses = [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000];
		for (const [index, pause] of pauses.entries()) {
			last().emit('exit', 1, null);
			vi.advanceTimersByTime(pause - 1);
			expect(workers).toHaveLength(index + 1);
			vi.advanceTimersByTime(1);
			expect(workers).toHaveLength(index + 2);
		}
		expect(log.warnings.slice(0, 2)).toEqual([
			{ what: 'Worker 2 has ended', value: 'code 1', todo: 'It is started again in 0.1 s.' },
			{ what: 'Worker 2 has ended', value: 'code 1', todo: 'It is started again in 0.2 s.' }
		]);
	});

	it('is filled again where its worker could not even be started', () => {
		const { workers, codes, log, last } = slot();
		delete last().process.pid;
		last().emit('error', new Error('spawn node EMFILE'));
		expect(codes).toEqual([1]);
		vi.advanceTimersByTime(100);
		expect(workers).toHaveLength(2);
		last().emit('error', new Error('write EPIPE'));
		expect(codes).toEqual([1]);
		expect(log.warnings).toEqual([
			{
				what: 'Worker 2 cannot be started',
				value: 'spawn node EMFILE',
				todo: 'Allow this user more processes and open files.'
			},
			{ what: 'Worker 2 has ended', value: 'code 1', todo: 'It is started again in 0.1 s.' }
		]);
	});

	it('is filled soon again where its worker has lived for a minute', () => {
		const { workers, last } = slot();
		for (let times = 0; times < 5; times += 1) {
			last().emit('exit', null, 'SIGKILL');
			vi.advanceTimersByTime(2000);
		}
		vi.advanceTimersByTime(60_000);
		const { length } = workers;
		last().emit('exit', null, 'SIGKILL');
		vi.advanceTimersByTime(100);
		expect(workers).toHaveLength(length + 1);
	});

	it('stays empty where nobody is to follow', () => {
		const { workers, codes, last, log } = slot(false);
		last().emit('exit', null, 'SIGTERM');
		vi.advanceTimersByTime(100_000);
		expect([workers.length, codes, log.warnings]).toEqual([1, [143], []]);
	});

	it('is left by who is told to go, by a message or, where it does not listen yet, a signal', async () => {
		const early = slot();
		const late = slot();
		late.last().emit('message', { type: 'something of the app' });
		late.last().emit('message', listening);
		const gone = [early, late].map(({ made }) => made.stop('SIGINT'));
		expect(early.last().sent).toEqual(['SIGINT']);
		expect(late.last().sent).toEqual([{ type: 'svelte-adapter-ws:stop', reason: 'SIGINT' }]);
		for (const { last } of [early, late]) last().emit('exit', 0, null);
		await Promise.all(gone);
		vi.advanceTimersByTime(100_000);
		expect([early.workers.length, late.workers.length]).toEqual([1, 1]);
		expect([...early.log.warnings, ...late.log.warnings]).toEqual([]);
	});

	it('is not filled again once it was stopped between two workers', async () => {
		const { made, workers, last } = slot();
		last().emit('exit', 1, null);
		await made.stop('SIGTERM');
		vi.advanceTimersByTime(100_000);
		expect(workers).toHaveLength(1);
	});
});
