import { describe, expect, test } from 'vitest';
import { RawConnection } from '../support/raw.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { engines, faultsBuild } from './chat.ts';

describe.each(engines)('on %s a stream that the app writes into by itself', (engine) => {
	const run = () => runApp({ args: [faultsBuild], env: { ENGINE: engine } });

	async function visit(app: RunningApp, target: string): Promise<void> {
		await using connection = await RawConnection.open(app.port);
		connection.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
		await connection.received('data: tick'.length);
	}

	test('is stopped by its cancel when its client leaves', async () => {
		await using app = await run();
		await visit(app, '/streams/late?cancel');
		await app.printed(/stopped/);
		expect((await fetch(app.url)).status).toBe(200);
	});

	test('without a cancel ends the process, as with adapter-node, and the log says what has happened', async () => {
		await using app = await run();
		await visit(app, '/streams/late');
		expect(await app.exited).toBe(1);
		expect(app.output()).toContain(
			'[svelte-adapter-ws] The app has written into a stream that was closed, because its client has left. ' +
				'Give the stream a cancel() that stops what writes: see docs/deploying.md.'
		);
		expect(app.output()).toMatch(/TypeError\b.*Invalid state/);
	});
});
