import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runApp } from '../support/server.ts';
import { connectClient, refusal } from '../support/client.ts';

const server = fileURLToPath(new URL('./servers/custom.js', import.meta.url));

test.each(['express', 'polka', 'node'])(
	'build/handler.js serves pages and sockets inside a server of one’s own: %s',
	async (kind) => {
		await using app = await runApp({ args: [server, kind] });
		expect(await (await fetch(`${app.url}/own`)).text()).toBe('mine');
		expect(await (await fetch(`${app.url}/about`)).text()).toContain('<h1');
		expect((await fetch(`${app.url}/nope`)).status).toBe(404);
		expect(await refusal(`${app.url}/chat/lobby`)).toMatchObject({ status: 401 });
		await using client = await connectClient(`${app.url}/chat/lobby`, {
			headers: { cookie: 'name=Ada' }
		});
		await fetch(`${app.url}/api/announce`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ text: 'hello' })
		});
		await expect.poll(() => client.received.join()).toContain('hello');
	}
);
