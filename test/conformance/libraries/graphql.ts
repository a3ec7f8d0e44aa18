import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import { expect, it } from 'vitest';
import type { App } from '../websocket/app.ts';
import { socketOf, wsUrl } from './sockets.ts';

/** graphql-ws, over `asWebSocket`. */
export function graphqlSuite(app: App): void {
	const connect = (user = 'ann') =>
		createClient({ url: wsUrl(app, '/graphql'), webSocketImpl: socketOf(user), retryAttempts: 0 });

	it('graphql-ws answers queries, as whoever has opened the socket, and tells of errors', async () => {
		const client = connect();
		expect(await first(client, { query: '{ user }' })).toEqual({ data: { user: 'ann' } });
		const failed = await first(client, { query: '{ fails }' });
		expect(failed).toMatchObject({ errors: [{ message: 'no such thing' }] });
		await client.dispose();
	});

	it('graphql-ws has subscriptions, which end with their client', async () => {
		const client = connect();
		const counts: unknown[] = [];
		for await (const { data } of client.iterate({ query: 'subscription { count(to: 3) }' })) {
			counts.push(data?.['count']);
		}
		expect(counts).toEqual([1, 2, 3]);
		const endless = client.iterate({ query: 'subscription { count(to: 100000) }' });
		await endless.next();
		const other = connect('bob');
		const running = async () => (await first(other, { query: '{ running }' })) as object;
		expect(await running()).toEqual({ data: { running: 1 } });
		client.terminate();
		await expect.poll(running).toEqual({ data: { running: 0 } });
		await other.dispose();
	});

	it('graphql-ws answers its own pings, and closes a socket that subscribes before it has said who it is', async () => {
		await using client = await app.open('/graphql', {}, ['graphql-transport-ws']);
		client.send(JSON.stringify({ type: 'ping', payload: { at: 1 } }));
		expect(JSON.parse(String(await client.message()))).toEqual({
			type: 'pong',
			payload: { at: 1 }
		});
		const payload = { query: '{ user }' };
		client.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
		expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
	});

	it('graphql-ws refuses a client that says something else', async () => {
		await using client = await app.open('/graphql', {}, ['graphql-transport-ws']);
		client.send('nonsense');
		expect(await client.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
	});
}

async function first(client: Client, payload: SubscribePayload): Promise<unknown> {
	for await (const result of client.iterate(payload)) return result;
	throw new Error('There was no result');
}
