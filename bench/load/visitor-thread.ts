import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

/** Milliseconds between two requests. */
const pace = 10;
/** Connections that are there before, as browsers have them. */
const connections = 200;

/** @param parent says when to begin, and when it is over */
async function visit(port: number, parent: MessagePort): Promise<void> {
	const agent = new Agent({ keepAlive: true, maxFreeSockets: connections });
	const ask = () => waitFor(port, agent);
	await Promise.all(Array.from({ length: connections }, ask));
	parent.postMessage('ready');
	await once(parent, 'message');
	let isOver = false;
	void once(parent, 'message').then(() => (isOver = true));
	const waits: Promise<number>[] = [];
	while (!isOver) {
		waits.push(ask());
		await sleep(pace);
	}
	parent.postMessage(await Promise.all(waits));
	agent.destroy();
}

async function waitFor(port: number, agent: Agent): Promise<number> {
	const from = performance.now();
	const headers = { 'x-forwarded-proto': 'http' };
	const [response] = (await once(
		get({ port, host: '127.0.0.1', path: '/endpoint', headers, agent }),
		'response'
	)) as [IncomingMessage];
	response.resume();
	await once(response, 'end');
	if (response.statusCode !== 200) throw new Error(`A visitor was answered ${response.statusCode}`);
	return performance.now() - from;
}

if (parentPort) await visit((workerData as { port: number }).port, parentPort);
