import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, refusal } from '../support/client.ts';
import { runNginx, type RunningNginx } from '../support/nginx.ts';
import { RawConnection } from '../support/raw.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { chatBuild, engines, faultsBuild, sayPlainly } from './chat.ts';

const docs = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');

/** The block that the docs give, in front of this app instead of that. */
function blockFor(app: RunningApp): string {
	const [, block = ''] = /```nginx\n(.+?)```/s.exec(docs) ?? [];
	const proxy = 'proxy_pass http://127.0.0.1:3000;';
	expect(block.split(proxy)).toHaveLength(2);
	return block.replace(proxy, `proxy_pass ${app.url};`);
}

/** The variables that the docs set below it. */
function variables(): Record<string, string> {
	const [, line = ''] = /```nginx\n.+?```sh\n(.+?) node build\n/s.exec(docs) ?? [];
	return Object.fromEntries(line.split(' ').map((each) => each.split('=') as [string, string]));
}

describe.each(engines)('behind nginx as the docs have it, on %s', (engine) => {
	const open: AsyncDisposable[] = [];
	let chat: RunningNginx;
	let faults: RunningNginx;

	async function run(build: string): Promise<RunningNginx> {
		const app = await runApp({ args: [build], env: { ENGINE: engine, ...variables() } });
		const nginx = await runNginx(blockFor(app));
		open.push(nginx, app);
		return nginx;
	}

	beforeAll(async () => {
		[chat, faults] = await Promise.all([run(chatBuild), run(faultsBuild)]);
	});

	afterAll(async () => {
		for (const each of open) await each[Symbol.asyncDispose]();
	});

	test('pages and files are served', async () => {
		const response = await fetch(chat.url);
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('<html');
		expect((await fetch(`${chat.url}/favicon.svg`)).headers.get('content-type')).toBe(
			'image/svg+xml'
		);
	});

	test('a form of the page is taken, over plain http and on another port than 80', async () => {
		const send = (origin: string) =>
			fetch(`${chat.url}/?/enter`, {
				method: 'POST',
				headers: { origin, accept: 'text/html' },
				body: new URLSearchParams({ name: 'Ada', room: 'lobby' }),
				redirect: 'manual'
			});
		expect((await send(chat.url)).status).toBe(303);
		expect((await send('http://evil.example')).status).toBe(403);
	});

	test('sockets are open to pages of the app, and to no others', async () => {
		const cookie = 'name=Ada';
		await using client = await connectClient(`${chat.url}/chat/lobby`, {
			headers: { cookie, origin: chat.url }
		});
		await sayPlainly(client, 'through');
		const foreign = { cookie, origin: 'http://evil.example' };
		expect((await refusal(`${chat.url}/chat/lobby`, foreign)).status).toBe(403);
	});

	test('an event stream arrives as it is written', async () => {
		await using connection = await RawConnection.open(Number(faults.port));
		connection.write('GET /streams/live?nginx HTTP/1.1\r\nHost: a\r\n\r\n');
		// nothing comes after it, so it would never arrive if it was held back
		while (!connection.rest.includes('data: 1'))
			await connection.received(connection.rest.byteLength + 1);
	});

	test('the app knows the client, whatever that says of itself', async () => {
		const response = await fetch(`${faults.url}/address`, {
			headers: { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' }
		});
		expect(await response.json()).toEqual({ address: '127.0.0.1', origin: faults.url });
	});
});
