import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Major } from '../../comparison/majors.ts';
import { get, post, urlencoded } from '../../comparison/requests.ts';
import { Server } from '../../comparison/servers.ts';
import { RawConnection } from '../../support/raw.ts';
import { leavings, uploads } from './fixtures/app/src/lib/leaving.ts';

interface Report {
	state: string;
	seen: unknown;
}

/** What an app sees when a client leaves before its answer has come. */
export function leavingSuite(major: Major): void {
	let oracle: Server;
	beforeAll(async () => {
		oracle = await Server.start(major, 'node', 'default', { env: {} });
	});
	afterAll(() => oracle[Symbol.asyncDispose]());

	describe.for(major.subjects)('a client that leaves $name', (subject) => {
		let server: Server;
		beforeAll(async () => {
			server = await Server.start(major, 'ws', 'default', subject);
		});
		afterAll(() => server[Symbol.asyncDispose]());

		test.for(Object.keys(leavings))('%s', async (use) => {
			expect(await leave(server.port, use, 'GET')).toEqual(await leave(oracle.port, use, 'GET'));
		});

		test.for(Object.keys({ ...leavings, ...uploads }))('amid its body %s', async (use) => {
			expect(await leave(server.port, use, 'POST')).toEqual(await leave(oracle.port, use, 'POST'));
		});

		test('after all of that it still runs', () => {
			expect(oracle.isRunning).toBe(true);
			expect(server.isRunning).toBe(true);
		});
	});
}

let count = 0;

async function leave(port: number, use: string, method: 'GET' | 'POST'): Promise<unknown> {
	count += 1;
	const id = String(count);
	const target = `/leave/${encodeURIComponent(use)}?id=${id}`;
	await using connection = await RawConnection.open(port);
	connection.write(
		method === 'GET' ? get(target) : post(target, 'half', { ...urlencoded, 'content-length': '8' })
	);
	await expect.poll(() => report(port, id)).toMatchObject({ state: 'waiting' });
	connection.socket.destroy();
	await report(port, id, '&left');
	await expect.poll(() => report(port, id)).toMatchObject({ state: 'done' });
	return (await report(port, id)).seen;
}

async function report(port: number, id: string, query = ''): Promise<Report> {
	const response = await fetch(`http://127.0.0.1:${port}/left?id=${id}${query}`);
	return (await response.json()) as Report;
}
