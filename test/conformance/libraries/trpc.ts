import {
	createTRPCClient,
	createWSClient,
	wsLink,
	type WebSocketClientOptions
} from '@trpc/client';
import { expect, it } from 'vitest';
import type { App } from '../websocket/app.ts';
import type { AppRouter } from './fixtures/app/src/lib/router.ts';
import { socketOf, wsUrl } from './sockets.ts';

/** tRPC's adapter for `ws`, over `asWebSocket`. */
export function trpcSuite(app: App): void {
	function connect(user: string, options: Partial<WebSocketClientOptions> = {}) {
		const ws = createWSClient({
			...options,
			url: wsUrl(app, '/trpc'),
			WebSocket: socketOf(user) as unknown as typeof globalThis.WebSocket,
			retryDelayMs: () => 50
		});
		const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: ws })] });
		return { ws, client, [Symbol.asyncDispose]: () => ws.close() };
	}

	it('tRPC has queries and mutations, as whoever has opened the socket, and errors', async () => {
		await using ann = connect('ann');
		expect(await ann.client.user.query()).toBe('ann');
		expect(await ann.client.shout.mutate('hey')).toBe('HEY');
		await expect(ann.client.fails.query()).rejects.toThrow('not you');
	});

	it('tRPC has subscriptions, which go on where they were after a reconnect, and end', async () => {
		await using ann = connect('ann');
		await using bob = connect('bob');
		const counts: number[] = [];
		const subscription = ann.client.count.subscribe(
			{},
			{ onData: ({ data }) => void counts.push(data) }
		);
		await expect.poll(() => counts.length).toBeGreaterThan(3);
		ann.ws.connection?.ws.close();
		const before = counts.length;
		await expect.poll(() => counts.length).toBeGreaterThan(before + 3);
		expect(counts).toEqual(counts.map((_, index) => index + 1));
		expect(await bob.client.running.query()).toBe(1);
		subscription.unsubscribe();
		await expect.poll(() => bob.client.running.query()).toBe(0);
	});

	it('tRPC takes the parameters of a connection, and answers those who ask whether it is there', async () => {
		const closes: unknown[] = [];
		await using ann = connect('ann', {
			connectionParams: () => ({ token: 'grüße' }),
			keepAlive: { enabled: true, intervalMs: 20, pongTimeoutMs: 5000 },
			onClose: (cause) => void closes.push(cause)
		});
		expect(await ann.client.user.query()).toBe('ann');
		const heard: unknown[] = [];
		ann.ws.connection?.ws.addEventListener('message', ({ data }) => void heard.push(data));
		await expect.poll(() => heard.filter((data) => data === 'PONG').length).toBeGreaterThan(1);
		expect(await ann.client.shout.mutate('still here')).toBe('STILL HERE');
		expect(closes).toEqual([]);
	});
}
