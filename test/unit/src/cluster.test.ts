import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onGoodbye } from '../../../src/server/cluster.ts';

describe('a worker whose primary was killed', () => {
	afterEach(() => {
		vi.restoreAllMocks();
		Object.assign(cluster, { isWorker: false, worker: undefined });
	});

	it('leaves in its own time, although its answers to the primary fail', () => {
		vi.spyOn(process, 'on').mockReturnValue(process);
		const worker = new EventEmitter();
		Object.assign(cluster, { isWorker: true, worker });
		const reasons: string[] = [];
		onGoodbye((reason) => reasons.push(reason));
		worker.emit('error', new Error('write EPIPE'));
		expect(reasons).toEqual([]);
		worker.emit('disconnect');
		expect(reasons).toEqual(['DISCONNECT']);
	});
});
