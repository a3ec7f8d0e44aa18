import { expect, it } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { Doc } from 'yjs';
import type { App } from '../websocket/app.ts';
import { socketOf, wsUrl } from './sockets.ts';

/** The server utilities of y-websocket, over `asWebSocket`. */
export function yjsSuite(app: App): void {
	function open(room: string, user: string) {
		const doc = new Doc();
		const provider = new WebsocketProvider(wsUrl(app, '/yjs'), room, doc, {
			WebSocketPolyfill: socketOf(user) as unknown as typeof globalThis.WebSocket,
			disableBc: true
		});
		return {
			doc,
			provider,
			text: () => doc.getText('text').toJSON(),
			[Symbol.dispose]: () => provider.destroy()
		};
	}

	it('documents of Yjs converge, also what was written offline', async () => {
		const room = app.tag();
		using ann = open(room, 'ann');
		using bob = open(room, 'bob');
		ann.doc.getText('text').insert(0, 'world');
		await expect.poll(bob.text).toBe('world');
		bob.provider.disconnect();
		bob.doc.getText('text').insert(0, 'hello ');
		ann.doc.getText('text').insert(5, '!');
		bob.provider.connect();
		await expect.poll(ann.text).toBe('hello world!');
		await expect.poll(bob.text).toBe('hello world!');
	});

	it('documents of Yjs that are large arrive whole', async () => {
		const room = app.tag();
		using ann = open(room, 'ann');
		ann.doc.getText('text').insert(0, 'x'.repeat(400_000));
		await expect.poll(() => ann.provider.synced).toBe(true);
		for (let each = 1; each < 8; each += 1) {
			ann.doc.getText('text').insert(0, 'x'.repeat(400_000));
		}
		using bob = open(room, 'bob');
		await expect.poll(() => bob.text().length).toBe(3_200_000);
	});

	it('everybody sees who is in a document of Yjs, until he leaves', async () => {
		const room = app.tag();
		using ann = open(room, 'ann');
		const names = () =>
			[...ann.provider.awareness.getStates().values()].map((state) => state['name'] as unknown);
		ann.provider.awareness.setLocalStateField('name', 'ann');
		{
			using bob = open(room, 'bob');
			bob.provider.awareness.setLocalStateField('name', 'bob');
			await expect.poll(names).toEqual(['ann', 'bob']);
		}
		await expect.poll(names).toEqual(['ann']);
	});
}
