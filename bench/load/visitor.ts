import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const thread = fileURLToPath(new URL('visitor-thread.ts', import.meta.url));

/** Somebody who asks for the small endpoint again and again, whether or not it was answered. */
export interface Visitor {
	begin(): void;
	/** @returns for every request how many milliseconds it waited for its answer */
	end(): Promise<number[]>;
}

/** It has a thread of its own: what waits must not be the one that counts the waiting. */
export async function startVisitor(port: number): Promise<Visitor> {
	const worker = new Worker(thread, { workerData: { port } });
	const failed = once(worker, 'error').then(([error]) => Promise.reject(error as Error));
	// whoever waits for the thread is told
	failed.catch(() => {});
	const told = () => Promise.race([once(worker, 'message'), failed]);
	await told();
	return {
		begin: () => worker.postMessage('begin'),
		async end() {
			const waits = told() as Promise<[number[]]>;
			worker.postMessage('end');
			return (await waits)[0];
		}
	};
}
