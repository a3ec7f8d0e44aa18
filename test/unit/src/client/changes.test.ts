import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onChange } from '../../../../src/client/changes.ts';
import { Connection } from '../../../../src/client/core/connection.ts';
import { ScriptedPage } from './page.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells of one thing when it has changed, and of nothing else', async () => {
	const page = new ScriptedPage();
	const connection = new Connection(page, '/chat');
	const seen = { messages: 0, status: [] as string[], error: 0 };
	onChange(
		connection,
		() => connection.messages,
		() => (seen.messages += 1)
	);
	onChange(
		connection,
		() => connection.state.error,
		() => (seen.error += 1)
	);
	const stop = onChange(
		connection,
		() => connection.state.status,
		() => seen.status.push(connection.state.status)
	);
	connection.open();
	const first = await page.socket(1);
	first.accept();
	first.receive('1');
	first.receive('1');
	expect(seen).toEqual({ messages: 2, status: ['open'], error: 0 });
	first.end(1001);
	(await page.socket(2)).accept();
	expect(seen).toEqual({ messages: 2, status: ['open', 'reconnecting', 'open'], error: 2 });
	stop();
	connection.close();
	expect(seen.status).toHaveLength(3);
});

it('stops to tell of messages, too', async () => {
	const page = new ScriptedPage();
	const connection = new Connection(page, '/chat');
	const changed = vi.fn();
	const stop = onChange(connection, () => connection.inbox.count, changed);
	connection.open();
	const socket = await page.socket(1);
	socket.accept();
	socket.receive('1');
	expect(changed).toHaveBeenCalledTimes(1);
	stop();
	socket.receive('2');
	expect(changed).toHaveBeenCalledTimes(1);
	connection.close();
});
