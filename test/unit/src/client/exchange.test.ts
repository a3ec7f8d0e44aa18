import { afterEach, describe, expect, it, vi } from 'vitest';
import { isBeat } from '../../../../src/shared/heartbeat.ts';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { ConnectionOptions } from '../../../../src/client/core/types.ts';
import { eachOnPage, type ScriptedPage, type ScriptedSocket } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;
eachOnPage((made) => (page = made));

const syn = '\u0016';
const hello = `${syn}v1,30000`;

let connection: Connection;
afterEach(() => connection.close());

/** A connection to a server that knows of frames. */
async function open(options: ConnectionOptions<unknown> = {}) {
	connection = new Connection(page, '/chat', options);
	const told = record(connection);
	connection.open();
	const socket = await page.socket(1);
	socket.accept();
	socket.receive(hello);
	return { socket, told };
}

/** What is loaded when it is needed is here. */
const loaded = () => vi.dynamicImportSettled();

/** What a page has sent that is neither a beat nor asks for one. */
const sent = (socket: ScriptedSocket) => socket.sent.filter((each) => !isBeat(each));

describe('a text that begins with U+0016', () => {
	it('goes in its escape, and is taken out of it', async () => {
		const { socket, told } = await open();
		expect(connection.send(`${syn}v1,1`)).toBe(true);
		connection.send('plain');
		expect(socket.sent).toEqual([`${syn}${syn}v1,1`, 'plain']);
		socket.receive(`${syn}${syn}30000`);
		socket.receive(`${syn}${syn}`);
		expect(told.message).toEqual([`${syn}30000`, syn]);
	});

	it('waits until it is known what the server knows, and nothing overtakes it', async () => {
		connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		connection.send('first');
		connection.send(`${syn}special`);
		connection.send('last');
		expect(socket.sent).toEqual(['first']);
		socket.receive(hello);
		expect(socket.sent).toEqual(['first', `${syn}${syn}special`, 'last']);
	});

	it.each([
		['answers with a beat', `${syn}30000`],
		['says something else', 'welcome'],
		['says nothing', undefined]
	])('goes as it is to a server that %s', async (_, first) => {
		connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		connection.send(`${syn}special`);
		expect(socket.sent).toEqual([]);
		if (first === undefined) await vi.advanceTimersByTimeAsync(10_000);
		else socket.receive(first);
		expect(socket.sent).toEqual([`${syn}special`]);
	});

	it('goes at once, as it is, where the server is of somebody else', async () => {
		connection = new Connection(page, 'wss://elsewhere.example/');
		const told = record(connection);
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		connection.send(`${syn}special`);
		expect(socket.sent).toEqual([`${syn}special`]);
		socket.receive(hello);
		expect(told.message).toEqual([hello]);
	});

	it('is no beat where beats are known from it', async () => {
		const { socket, told } = await open();
		socket.receive(`${syn}5`);
		socket.receive(`${syn}${syn}5`);
		expect(told.message).toEqual([`${syn}5`]);
	});
});

describe('requests', () => {
	it('are answered out of order, with what the answer stands for', async () => {
		const { socket } = await open();
		const answers = [connection.request({ a: 1 }), connection.request('b'), connection.request(3)];
		await loaded();
		expect(sent(socket)).toEqual([`${syn}q1,{"a":1}`, `${syn}q2,b`, `${syn}q3,3`]);
		socket.receive(`${syn}a3,{"ok":[1,2]}`);
		socket.receive(`${syn}a1`);
		socket.receive(`${syn}a2,"text, with commas"`);
		expect(await Promise.all(answers)).toEqual([undefined, 'text, with commas', { ok: [1, 2] }]);
	});

	it('carry bytes both ways', async () => {
		const { socket } = await open();
		const bytes = new Uint8Array([1, 2, 3]);
		const answer = connection.request(bytes);
		await loaded();
		expect(sent(socket)).toEqual([`${syn}Q1,3`, bytes]);
		socket.receive(`${syn}A1,2`);
		const back = new Uint8Array([4, 5]).buffer;
		socket.receive(back);
		expect(await answer).toBe(back);
	});

	it('leave in order with messages, though what sends them has to be loaded', async () => {
		const { socket } = await open();
		connection.send(1);
		void connection.request(2).catch(() => {});
		connection.send(3);
		await loaded();
		connection.send(4);
		expect(sent(socket)).toEqual(['1', `${syn}q1,2`, '3', '4']);
	});

	it('reject where the answer is no JSON', async () => {
		const { socket } = await open();
		const answer = connection.request(1);
		await loaded();
		socket.receive(`${syn}a1,{`);
		await expect(answer).rejects.toMatchObject({ code: 'bad_message' });
	});

	it('reject with the status and the words of the server', async () => {
		const { socket } = await open();
		const answer = connection.request(1);
		await loaded();
		socket.receive(`${syn}e1,404,No such room, sorry`);
		await expect(answer).rejects.toMatchObject({
			code: 'failed',
			status: 404,
			body: { message: 'No such room, sorry' },
			message: '[svelte-adapter-ws] A request was answered with 404 (No such room, sorry).'
		});
	});

	it('reject when their time is over, and are not sent any more', async () => {
		connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		const answer = connection.request(1, { timeout: 500 });
		const settled = expect(answer).rejects.toMatchObject({ code: 'timeout' });
		await loaded();
		await vi.advanceTimersByTimeAsync(500);
		await settled;
		socket.accept();
		socket.receive(hello);
		expect(socket.sent).toEqual([]);
	});

	it('take ten seconds at most, unless it is said how many', async () => {
		const { socket } = await open();
		const patient = connection.request(1, { timeout: Infinity });
		const answer = connection.request(2);
		const settled = expect(answer).rejects.toMatchObject({ code: 'timeout' });
		await loaded();
		for (let seconds = 0; seconds < 10; seconds += 1) {
			await vi.advanceTimersByTimeAsync(1000);
			socket.receive('alive');
		}
		await settled;
		socket.receive(`${syn}a1,1`);
		expect(await patient).toBe(1);
	});

	it('reject with the reason of a signal, before and after they have left', async () => {
		const { socket } = await open({ queue: 1 });
		const reason = new Error('enough');
		await expect(connection.request(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		const controller = new AbortController();
		const answer = connection.request(2, { signal: controller.signal });
		await loaded();
		controller.abort(reason);
		await expect(answer).rejects.toBe(reason);
		expect(sent(socket)).toEqual([`${syn}q1,2`]);
		// an answer that comes too late is nobody's
		socket.receive(`${syn}a1,1`);
		socket.end(1001);
		const waiting = connection.request(3, { signal: AbortSignal.timeout(1e6) });
		await expect(connection.request(4)).rejects.toMatchObject({ code: 'failed' });
		connection.close();
		await expect(waiting).rejects.toMatchObject({ code: 'closed' });
	});

	it('are as many as the app likes where there is a connection, also the first ones', async () => {
		const { socket } = await open({ queue: 1 });
		const values = Array.from({ length: 200 }, (_, index) => index);
		const answers = values.map((value) => connection.request(value));
		expect(values.map((value) => connection.send(value)).every(Boolean)).toBe(true);
		await loaded();
		expect(sent(socket)).toEqual([
			...values.map((value) => `${syn}q${value + 1},${value}`),
			...values.map(String)
		]);
		for (const value of values) socket.receive(`${syn}a${value + 1},${value}`);
		expect(await Promise.all(answers)).toEqual(values);
		socket.end(1001);
		expect([connection.send('waits'), connection.send('one too many')]).toEqual([true, false]);
	});

	it('reject where the connection ends after they have left, and are sent where they have not', async () => {
		const { socket, told } = await open();
		const left = connection.request('left');
		await loaded();
		socket.end(1001);
		await expect(left).rejects.toMatchObject({ code: 'closed' });
		expect(told.close).toEqual([{ code: 1001, reason: '', unconfirmed: [] }]);
		const waiting = connection.request('waiting');
		const next = await page.socket(2);
		next.accept();
		next.receive(hello);
		expect(sent(next)).toEqual([`${syn}q2,waiting`]);
		next.receive(`${syn}a2,1`);
		expect(await waiting).toBe(1);
	});

	it('reject at once where the connection is closed, or the value cannot be sent', async () => {
		await open();
		await expect(connection.request(undefined)).rejects.toThrow('This cannot be sent');
		connection.close();
		await expect(connection.request(1)).rejects.toMatchObject({ code: 'closed' });
	});

	it('reject where the server answers none', async () => {
		connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		const answer = connection.request(1);
		connection.send(2);
		await loaded();
		socket.receive(`${syn}30000`);
		await expect(answer).rejects.toMatchObject({ code: 'failed', status: undefined });
		expect(socket.sent).toEqual(['2']);
	});

	it('of the server are answered by onRequest', async () => {
		const { socket } = await open({
			onRequest: async (value) => {
				if (value === 'nothing') return undefined;
				if (value === 'text') return '1.10';
				if (value === 'bytes') return new Uint8Array([7]);
				if (value === 'refused')
					throw Object.assign(new Error(), { status: 409, body: { message: 'Busy' } });
				if (value === 'broken') throw new Error('secret');
				return { got: value };
			}
		});
		const failed = vi.spyOn(console, 'error').mockReturnValue();
		const asked = ['1', 'nothing', 'bytes', 'refused', 'broken', 'text'];
		asked.forEach((value, index) => socket.receive(`${syn}q${index},${value}`));
		await loaded();
		await vi.advanceTimersByTimeAsync(0);
		expect(sent(socket).toSorted()).toEqual(
			[
				`${syn}a0,{"got":1}`,
				`${syn}a1`,
				`${syn}A2,1`,
				new Uint8Array([7]),
				`${syn}e3,409,Busy`,
				`${syn}e4,500,Internal Error`,
				`${syn}a5,"1.10"`
			].toSorted()
		);
		expect(failed).toHaveBeenCalledTimes(1);
	});

	it('of the server are refused where there is no onRequest', async () => {
		const { socket } = await open();
		socket.receive(`${syn}q8,1`);
		await loaded();
		await vi.advanceTimersByTimeAsync(0);
		expect(sent(socket)).toEqual([`${syn}e8,501,Not Implemented`]);
	});

	it('that the server refuses by a schema are an error event, with the issues', async () => {
		const { socket } = await open();
		const errors = vi.fn<(error: unknown) => void>();
		connection.on('error', errors);
		socket.receive(`${syn}x[{"message":"Too short","path":["text"]},{"message":"No"}]`);
		await loaded();
		expect(errors.mock.calls).toMatchObject([
			[
				{
					code: 'bad_message',
					status: 400,
					message: expect.stringContaining('(text: Too short; No)')
				}
			]
		]);
	});
});
