import { openSync, closeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { RawConnection } from '../support/raw.ts';
import { runApp, runtimeOf, type RunningApp } from '../support/server.ts';
import { connectClient } from '../support/client.ts';
import { engines, faultsBuild, freePort, plainHttp } from './chat.ts';

/** A server of one's own around the app. */
const custom = `
	import { createServer } from 'node:http';
	import { handler } from ${JSON.stringify(pathToFileURL(join(faultsBuild, 'handler.js')))};
	const { PORT, HOST } = process.env;
	const server = createServer(handler).listen(PORT, HOST, () =>
		console.log('Listening on http://x:' + server.address().port));`;

/** A request that makes no sense, which is a line in the log. */
async function badRequest({ port }: Pick<RunningApp, 'port'>): Promise<number> {
	await using connection = await RawConnection.open(port);
	connection.write('GET / HTTP/1.1\r\nhost: a b\r\n\r\n');
	return (await connection.response()).status;
}

const statusOf = async (url: string) => (await fetch(url, { headers: plainHttp })).status;

describe.each(engines)('on %s', (engine) => {
	test('a server whose output nobody reads goes on serving, whatever it has to say', async () => {
		await using app = await runApp({ args: [faultsBuild], env: { ENGINE: engine } });
		await using client = await connectClient(`${app.url}/message/sync`);
		app.closeOutput();
		for (let turn = 0; turn < 3; turn += 1) {
			expect(await badRequest(app)).toBe(400);
			expect(await statusOf(`${app.url}/broken/page`)).toBe(500);
			client.send('fail');
		}
		await using other = await connectClient(`${app.url}/echo`);
		other.send('here');
		expect(await other.message()).toBe('here');
		expect(app.isRunning).toBe(true);
		app.signal('SIGTERM');
		expect(await app.exited).toBe(0);
	});

	// Only Linux has a disk that is always full.
	test.runIf(process.platform === 'linux')('so does one whose disk is full', async () => {
		const full = openSync('/dev/full', 'w');
		const port = await freePort();
		const child = spawn(runtimeOf(engine), [faultsBuild], {
			env: { ENGINE: engine, HOST: '127.0.0.1', PORT: port },
			stdio: ['ignore', full, full]
		});
		closeSync(full);
		try {
			const url = `http://127.0.0.1:${port}`;
			await expect.poll(() => statusOf(`${url}/peers`).catch(() => 0)).toBe(200);
			for (let turn = 0; turn < 3; turn += 1) {
				expect(await badRequest({ port: Number(port) })).toBe(400);
				expect(await statusOf(`${url}/broken/page`)).toBe(500);
			}
			expect(await statusOf(`${url}/peers`)).toBe(200);
		} finally {
			child.kill('SIGTERM');
		}
		expect(await once(child, 'exit')).toEqual([0, null]);
	});
});

test('so does a server of one’s own', async () => {
	await using app = await runApp({ args: ['--input-type=module', '--eval', custom] });
	app.closeOutput();
	for (let turn = 0; turn < 3; turn += 1) {
		expect(await statusOf(`${app.url}/broken/page`)).toBe(500);
	}
	expect(await statusOf(`${app.url}/peers`)).toBe(200);
	expect(app.isRunning).toBe(true);
});
