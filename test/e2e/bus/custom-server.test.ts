import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../../src/server/handler.ts';
import { sharedRegistry } from '../../../src/server/registry/global.ts';
import { runRedis, type RunningRedis } from '../../support/redis.ts';
import { fakeHandoff, websocketHandoff } from '../../unit/support/handoff.ts';

let redis: RunningRedis;

beforeAll(async () => {
	redis = await runRedis();
});

afterAll(() => redis[Symbol.asyncDispose]());

const isListening = async () => {
	const channels = await redis.ask('pubsub', 'channels');
	return channels.includes(`process/${sharedRegistry().process}`);
};

test('the sockets on a server of one‘s own know other processes until the last of them is closed, and again when there are some again', async () => {
	const websocket = {
		...websocketHandoff,
		load: () => Promise.resolve({ websocket: { '/chat': {} } })
	};
	const custom = await createHandler(fakeHandoff({ websocket }), { BUS_URL: redis.url });
	const [first, second] = [createServer(), createServer()];
	const attached = [custom.attach(first), custom.attach(second)];
	await once(first.listen(0, '127.0.0.1'), 'listening');
	await expect.poll(isListening).toBe(true);
	await attached[0]?.close();
	expect(await isListening()).toBe(true);
	await attached[1]?.close();
	await expect.poll(isListening).toBe(false);
	const again = custom.attach(first);
	await expect.poll(isListening).toBe(true);
	await again.close();
	await custom.close();
	await expect.poll(isListening).toBe(false);
	first.close();
});
