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
	const visited = () => waitFor(port, agent);
	await Promise.all(Array.from({ length: connections }, visited));
	parent.postMessage('ready');
	await once(parent, 'message');
	let isOver = false;
	void once(parent, 'message').then(() => (isOver = true));
	const waits: Promise<number>[] = [];
	while (!isOver) {
		waits.push(visited());
		await sleep(pace);
	}
	parent.postMessage(await Promise.all(waits));
	agent.destroy();
}

/** @returns milliseconds */
async function waitFor(port: number, agent: Agent): Promise<number> {
	const from = performance.now();
	const response = await ask(port, agent);
	response.resume();
	await once(response, 'end');
	if (response.statusCode !== 200) throw new Error(`A visitor was answered ${response.statusCode}`);
	return performance.now() - from;
}

async function ask(port: number, agent: Agent): Promise<IncomingMessage> {
	const headers = { 'x-forwarded-proto': 'http' };
	const request = get({ port, host: '127.0.0.1', path: '/endpoint', headers, agent });
	try {
		const [response] = (await once(request, 'response')) as [IncomingMessage];
		return response;
	} catch (error) {
		// a connection that was kept may have been closed in the meantime: browsers ask again, too
		if (!request.reusedSocket) throw error;
		return ask(port, agent);
	}
}

if (parentPort) await visit((workerData as { port: number }).port, parentPort);
