import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { connectClient, type Client } from '../support/client.ts';

/** The app whose answers tell which process they come from. */
export const customBuild = fileURLToPath(
	new URL('./fixtures/custom/build/index.js', import.meta.url)
);

/** Which process answers, on a connection of its own. */
export async function answerer(where: RequestOptions): Promise<number> {
	const asked = request({ host: '127.0.0.1', path: '/pid', agent: false, ...where }).end();
	const [response] = (await once(asked, 'response')) as [IncomingMessage];
	return Number(await text(response));
}

export async function answerers(where: RequestOptions): Promise<number[]> {
	const pids = new Set<number>();
	for (let count = 0; count < 8; count += 1) pids.add(await answerer(where));
	return [...pids].toSorted();
}

/** One socket of each worker, however the connections are spread; what it gets first is the process id. */
export async function membersOf(
	port: number,
	pids: number[],
	path = '/pid'
): Promise<Map<number, Client>> {
	const clients = new Map<number, Client>();
	while (clients.size < pids.length) {
		const client = await connectClient(`http://127.0.0.1:${port}${path}`);
		const pid = Number(await client.message());
		expect(pids).toContain(pid);
		if (clients.has(pid)) await client.close();
		else clients.set(pid, client);
	}
	return clients;
}

export async function expectEcho(client: Client | undefined): Promise<void> {
	client?.send('hi');
	expect(await client?.message()).toBe('hi');
}

export function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
