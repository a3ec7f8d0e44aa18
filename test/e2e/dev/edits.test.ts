import { expect, test } from 'vitest';
import { connectClient } from '../../support/client.ts';
import { editableApp } from '../../support/dev-app.ts';

const echo = (version: string) => `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	export const websocket = defineWebSocket({
		'/echo': { message: (peer, message) => void peer.send('${version}: ' + message.text()) }
	});`;

test('an edit of the hook file applies to the next message of a socket that is open', async () => {
	await using app = await editableApp({ 'src/websocket.ts': echo('one') });
	await using server = await app.vite('dev');
	await using client = await connectClient(`${server.url}/echo`);
	client.send('hi');
	expect(await client.message()).toBe('one: hi');
	await app.write('src/websocket.ts', echo('two'));
	await expect
		.poll(async () => {
			client.send('hi');
			return await client.message();
		})
		.toBe('two: hi');
	expect(client.isOpen).toBe(true);
});
