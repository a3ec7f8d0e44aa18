import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { expect, it } from 'vitest';
import { Doc } from 'yjs';
import type { App } from '../websocket/app.ts';
import { socketOf, wsUrl } from './sockets.ts';

/** Hocuspocus 4, over `asWebSocket`. */
export function hocuspocusSuite(app: App): void {
	function open(name: string, user: string, token = `token of ${user}`) {
		const document = new Doc();
		const websocketProvider = new HocuspocusProviderWebsocket({
			url: wsUrl(app, '/hocuspocus'),
			WebSocketPolyfill: socketOf(user)
		});
		let refused: string | undefined;
		const provider = new HocuspocusProvider({
			name,
			document,
			token,
			websocketProvider,
			onAuthenticationFailed: ({ reason }) => (refused = reason)
		});
		provider.attach();
		return {
			document,
			provider,
			refused: () => refused,
			text: () => document.getText('text').toJSON(),
			[Symbol.dispose]() {
				provider.destroy();
				websocketProvider.destroy();
			}
		};
	}

	it('documents of Hocuspocus converge, for those whom it lets in', async () => {
		const name = app.tag();
		using ann = open(name, 'ann');
		using bob = open(name, 'bob');
		using eve = open(name, 'eve', 'token of ann');
		ann.document.getText('text').insert(0, 'hello');
		await expect.poll(bob.text).toBe('hello');
		bob.document.getText('text').insert(5, ' world');
		await expect.poll(ann.text).toBe('hello world');
		await expect.poll(eve.refused).toBe('permission-denied');
		expect(eve.text()).toBe('');
	});

	it('everybody sees who is in a document of Hocuspocus, until he leaves', async () => {
		const name = app.tag();
		using ann = open(name, 'ann');
		const names = () =>
			[...(ann.provider.awareness?.getStates().values() ?? [])].map(
				(state) => state['name'] as unknown
			);
		ann.provider.setAwarenessField('name', 'ann');
		{
			using bob = open(name, 'bob');
			bob.provider.setAwarenessField('name', 'bob');
			await expect.poll(names).toEqual(['ann', 'bob']);
		}
		await expect.poll(names).toEqual(['ann']);
	});
}
