import { describe, expect, it, vi } from 'vitest';
import { isBeat } from '../../../../src/shared/heartbeat.ts';
import { Connection } from '../../../../src/client/core/connection.ts';
import { eachOnPage, type ScriptedPage, type ScriptedSocket } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;
eachOnPage((made) => (page = made));

/** Milliseconds that the server names. */
const delay = 20_000;

/** An open connection to a server that knows of heartbeats. */
async function open() {
	const connection = new Connection(page, '/chat');
	const log = record(connection);
	connection.open();
	const socket = await page.socket(1);
	accept(socket);
	return { connection, socket, log };
}

function accept(socket: ScriptedSocket): void {
	socket.accept();
	socket.receive('\u001630000');
}

/** One whose server is about to leave, and the attempt to get another. */
async function leaving() {
	const opened = await open();
	opened.socket.receive(`\u0016-${delay}`);
	return { ...opened, next: await page.socket(2) };
}

/** The server answers the last beat. */
function confirm(socket: ScriptedSocket): void {
	socket.receive(socket.sent.findLast(isBeat));
}

describe('a server that says that it leaves', () => {
	it('is left when there is another connection, and not before', async () => {
		const { connection, socket, next } = await leaving();
		expect(connection.state.status).toBe('open');
		socket.receive('1');
		connection.send('to the old one');
		expect(socket.sent).toEqual(['to the old one']);
		accept(next);
		next.receive('2');
		connection.send('to the new one');
		expect(next.sent).toEqual(['to the new one']);
		// What still comes from there may come from here, too.
		socket.receive('3');
		expect(connection.messages).toEqual([1, 2]);
		expect(socket.closed).toBeUndefined();
		confirm(socket);
		expect(socket.closed).toEqual({ code: 1000, reason: '' });
		expect(connection.state.status).toBe('open');
		expect(connection.socket).toBe(next);
	});

	it('is nothing that is told but by another opening', async () => {
		const { log, socket, next } = await leaving();
		accept(next);
		confirm(socket);
		socket.end(1000);
		expect(log).toEqual({ open: 2, message: [], close: [], error: [] });
	});

	it('is not left before it has confirmed what was sent', async () => {
		const { connection, socket, next } = await leaving();
		connection.send('a');
		connection.send('b');
		accept(next);
		socket.receive('\u00161');
		expect(socket.closed).toBeUndefined();
		confirm(socket);
		expect(socket.closed).toEqual({ code: 1000, reason: '' });
	});

	it('is told of where it breaks before it has confirmed', async () => {
		const { connection, socket, next } = await leaving();
		const closed = vi.fn<(event: unknown) => void>();
		connection.on('close', closed);
		connection.send('a');
		connection.send('b');
		accept(next);
		socket.receive('\u00161');
		socket.end(1006);
		expect(closed.mock.calls).toEqual([[{ code: 1006, reason: '', unconfirmed: ['b'] }]]);
		expect(connection.state.status).toBe('open');
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.sockets).toHaveLength(2);
	});

	it('is told of where it is silent before it has confirmed', async () => {
		const { connection, next } = await leaving();
		const closed = vi.fn<(event: unknown) => void>();
		connection.on('close', closed);
		connection.send('a');
		accept(next);
		await vi.advanceTimersByTimeAsync(11_000);
		expect(closed.mock.calls).toEqual([[{ code: 1006, reason: '', unconfirmed: ['a'] }]]);
		expect(connection.state.status).toBe('open');
	});

	it('is stayed with where there is no other, and told so', async () => {
		const { connection, socket, next } = await leaving();
		next.fail();
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.sockets).toHaveLength(2);
		expect(page.fetch).not.toHaveBeenCalled();
		expect(socket.sent).toEqual(['\u0016-1']);
		socket.receive('1');
		expect(connection.messages).toEqual([1]);
		expect(connection.state).toMatchObject({ status: 'open', error: undefined });
		socket.end(1001);
		expect(connection.state.status).toBe('reconnecting');
		await vi.advanceTimersByTimeAsync(delay - 6000);
		expect(page.sockets).toHaveLength(2);
		accept(await page.socket(3));
		expect(connection.state.status).toBe('open');
	});

	it('may close before there is another connection, which is taken all the same', async () => {
		const { connection, socket, next } = await leaving();
		connection.send('a');
		const closed = vi.fn<(event: unknown) => void>();
		connection.on('close', closed);
		socket.end(1001, 'bye');
		expect(connection.state.status).toBe('reconnecting');
		expect(closed.mock.calls).toEqual([[{ code: 1001, reason: 'bye', unconfirmed: ['a'] }]]);
		connection.send('b');
		accept(next);
		expect(connection.state.status).toBe('open');
		expect(next.sent).toEqual(['b']);
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.sockets).toHaveLength(2);
	});

	it('is one matter with the attempt to leave it when the page closes it', async () => {
		const { connection, socket, next } = await leaving();
		connection.close();
		expect([socket.closed, next.closed]).toEqual([{ code: 1000, reason: '' }, expect.anything()]);
		next.accept();
		expect(connection.state.status).toBe('closed');
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.sockets).toHaveLength(2);
	});

	it('is believed only where it knows of heartbeats', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.receive('hello');
		socket.receive('\u0016-5');
		expect(connection.messages).toEqual(['hello', '\u0016-5']);
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.sockets).toHaveLength(1);
	});
});
