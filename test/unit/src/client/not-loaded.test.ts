import { afterEach, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import { eachOnPage, type ScriptedPage, type ScriptedSocket } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;
eachOnPage((made) => (page = made));

const syn = '\u0016';
const dialogue = '../../../../src/client/core/dialogue.ts';

/** What is loaded when it is needed is gone, as after another deployment. */
function takeAway(): void {
	vi.doMock(dialogue, () => {
		throw new Error('404');
	});
}

let connection: Connection;
afterEach(() => {
	connection.close();
	vi.doUnmock(dialogue);
});

async function open(count = 1): Promise<ScriptedSocket> {
	connection.open();
	const socket = await page.socket(count);
	socket.accept();
	socket.receive(`${syn}v1,30000`);
	return socket;
}

it('without the rest of the protocol messages arrive all the same, in order', async () => {
	takeAway();
	connection = new Connection(page, '/chat');
	const told = record(connection);
	const socket = await open();
	socket.receive(`${syn}t{"number":1,"start":"room.e.0.s","offset":0}`);
	socket.receive(`${syn}m1,1,"one, two"`);
	socket.receive(`${syn}b1,2,1`);
	const bytes = new Uint8Array([3]).buffer;
	socket.receive(bytes);
	socket.receive('4');
	await vi.dynamicImportSettled();
	socket.receive(`${syn}m1,3,5`);
	socket.receive(`${syn}w1,{"all":[]}`);
	socket.receive(`${syn}${syn}text`);
	expect(told.message).toEqual(['one, two', bytes, 4, 5, `${syn}text`]);
	expect(connection.view).toEqual({ presence: [], continuity: 'live' });
});

it('without it requests reject, and nothing waits behind them', async () => {
	takeAway();
	connection = new Connection(page, '/chat');
	const socket = await open();
	const why = { code: 'failed', message: expect.stringContaining('could not be loaded') };
	const first = connection.request(1);
	connection.send(2);
	await expect(first).rejects.toMatchObject(why);
	await expect(connection.request(3)).rejects.toMatchObject(why);
	connection.send(4);
	expect(socket.sent).toEqual(['2', '4']);
});

it('it is tried again with the next connection', async () => {
	takeAway();
	connection = new Connection(page, '/chat', { since: 'room.e.3.s' });
	const socket = await open();
	expect(socket.url).not.toMatch(/\.r$/);
	await expect(connection.request(1)).rejects.toMatchObject({ code: 'failed' });
	vi.doUnmock(dialogue);
	// No clock that the test moves waits for files.
	await import('../../../../src/client/core/dialogue.ts');
	socket.end(1006);
	const next = await open(2);
	expect(next.sent).toEqual([`${syn}r["room.e.3.s"]`]);
	const answer = connection.request(2);
	await vi.dynamicImportSettled();
	next.receive(`${syn}a1,"two"`);
	expect(await answer).toBe('two');
});
