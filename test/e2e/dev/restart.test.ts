import { expect, test } from 'vitest';
import { connectClient, refusal, type Client } from '../../support/client.ts';
import { editableApp } from '../../support/dev-app.ts';

const hookFile = `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/room': { open: (peer) => { peer.subscribe('room'); peer.send('in'); } }
	});`;

const endpoint = `
	import { websockets } from 'svelte-adapter-ws/server';
	export const GET = ({ platform }) =>
		Response.json([websockets.size, websockets.subscribers('room'), platform.websockets.size]);
	export const POST = async ({ request }) => {
		websockets.publish('room', await request.text());
		return new Response();
	};`;

test('sockets end when the dev server restarts, and new ones are there', async () => {
	await using app = await editableApp({
		'src/websocket.ts': hookFile,
		'src/routes/room/+server.ts': endpoint
	});
	await using server = await app.vite('dev');
	const room = `${server.url}/room`;
	const enter = async (): Promise<Client> => {
		const client = await connectClient(room);
		expect(await client.message()).toBe('in');
		return client;
	};
	// A connection that is kept may be closed by the old server at the very moment in which it is used again.
	const headers = { connection: 'close' };
	const numbers = async (): Promise<unknown> => (await fetch(room, { headers })).json();
	const config = `
		import { sveltekit } from '@sveltejs/kit/vite';
		import adapterWs from 'svelte-adapter-ws';
		export default { plugins: [sveltekit({ adapter: adapterWs() })] };`;

	let restarts = 0;
	const expectSockets = async () => {
		await using one = await enter();
		await using other = await enter();
		expect(await numbers()).toEqual([2, 2, 2]);
		await fetch(room, { method: 'POST', body: 'news', headers });
		expect([await one.message(), await other.message()]).toEqual(['news', 'news']);
		restarts += 1;
		await app.write('vite.config.ts', `${config} // ${restarts}`);
		expect((await one.closed).code).toBe(1006);
		expect((await other.closed).code).toBe(1006);
		const isRestarted = () => server.output().match(/server restarted/g)?.length === restarts;
		await expect.poll(isRestarted).toBe(true);
		expect(await numbers()).toEqual([0, 0, 0]);
	};
	for (let turn = 0; turn < 2; turn += 1) await expectSockets();
	expect((await refusal(`${server.url}/nothing`)).status).toBe(404);
	expect(server.output()).not.toMatch(/warning|error|svelte-adapter-ws/i);
});
