import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../support/client.ts';
import { editableApp, filesOf, type EditableApp } from '../support/dev-app.ts';
import { runApp } from '../support/server.ts';
import { nodeEngines, freePort, sayPlainly } from './chat.ts';

let app: EditableApp;
let env: Record<string, string>;

beforeAll(async () => {
	app = await editableApp(
		await filesOf(fileURLToPath(new URL('../../examples/chat', import.meta.url)))
	);
	env = { HOST: '127.0.0.1', PORT: await freePort() };
	expect(await app.build(env)).toContain('done');
});

afterAll(() => app?.[Symbol.asyncDispose]());

/** As a browser does it for the page of an origin. */
async function enter(port: number, origin: string) {
	const response = await fetch(`http://127.0.0.1:${port}/?/enter`, {
		method: 'POST',
		headers: { origin, accept: 'text/html' },
		body: new URLSearchParams({ name: 'Ada', room: 'lobby' }),
		redirect: 'manual'
	});
	return { status: response.status, location: response.headers.get('location') };
}

test.each(nodeEngines)(
	'the demo on another port takes names over plain http, and no forms of other sites (%s)',
	async (ENGINE) => {
		await using server = await runApp({
			args: ['build'],
			cwd: app.folder,
			env: { ...env, ENGINE }
		});
		const { port, url } = server;
		for (const host of ['localhost', '127.0.0.1', '[::1]']) {
			const entered = await enter(port, `http://${host}:${port}`);
			expect(entered).toEqual({ status: 303, location: '/chat/lobby' });
		}
		expect(await enter(port, 'http://elsewhere.example')).toMatchObject({ status: 403 });
		const headers = { origin: url, cookie: 'name=Ada' };
		await using client = await connectClient(`${url}/chat/lobby`, { headers });
		await sayPlainly(client, 'hello');
	}
);
