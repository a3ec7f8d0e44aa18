import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { CloseDetails } from '../../../../src/client/core/types.ts';
import { ScriptedPage, type ScriptedSocket } from './page.ts';

const interval = 30_000;
const beat = '\u0016';

let page: ScriptedPage;
let connection: Connection;
let closes: CloseDetails[];

beforeEach(() => {
	vi.useFakeTimers();
	page = new ScriptedPage();
	connection = new Connection(page, '/chat');
	closes = [];
	connection.on('close', (details) => closes.push(details));
});

afterEach(async () => {
	connection.close();
	expect(vi.getTimerCount()).toBe(0);
	vi.restoreAllMocks();
	vi.useRealTimers();
});

/** No timer runs for an hour, of which the clock that counts since the page was loaded knows. */
function sleep(): void {
	const now = performance.now.bind(performance);
	vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
}

/** A connection to a server that knows of heartbeats. */
async function open(count = 1): Promise<ScriptedSocket> {
	connection.open();
	const socket = await page.socket(count);
	socket.accept();
	socket.receive(`${beat}${interval}`);
	return socket;
}

const beats = (socket: ScriptedSocket) =>
	socket.sent.filter((each) => String(each).startsWith(beat));

describe('a connection that is silent', () => {
	it('is asked after the interval of the server, and stays if it answers', async () => {
		const socket = await open();
		for (const count of [1, 2, 3]) {
			await vi.advanceTimersByTimeAsync(interval - 1);
			expect(beats(socket)).toHaveLength(count - 1);
			await vi.advanceTimersByTimeAsync(1);
			expect(beats(socket)).toHaveLength(count);
			socket.receive(beats(socket).at(-1));
		}
		expect(page.sockets).toHaveLength(1);
		expect(connection.messages).toEqual([]);
	});

	it('is replaced if it does not', async () => {
		const socket = await open();
		await vi.advanceTimersByTimeAsync(interval + 9999);
		expect(connection.state.status).toBe('open');
		await vi.advanceTimersByTimeAsync(1);
		expect(connection.state).toMatchObject({ status: 'reconnecting', error: { code: 'silent' } });
		expect(socket.closed).toBeDefined();
		expect(closes).toEqual([{ code: 1006, reason: '', unconfirmed: [] }]);
		const second = await page.socket(2);
		second.accept();
		expect(connection.state).toMatchObject({ status: 'open', error: undefined });
	});

	it('is the end where there is to be no other', async () => {
		connection = new Connection(page, '/chat', { reconnect: false });
		await open();
		await vi.advanceTimersByTimeAsync(interval + 10_000);
		expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'silent' } });
		await vi.advanceTimersByTimeAsync(60_000);
		expect(page.sockets).toHaveLength(1);
	});

	it('is replaced once, whatever listeners do', async () => {
		const stop = connection.on('close', () => connection.reconnect());
		await open();
		await vi.advanceTimersByTimeAsync(interval + 10_001);
		stop();
		expect(page.sockets).toHaveLength(2);
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('is alive where the server is busy with its open hook, and confirms nothing', async () => {
		const socket = await open();
		connection.send('waits for the hook');
		for (let seconds = 0; seconds < 120; seconds += 1) {
			await vi.advanceTimersByTimeAsync(1000);
			if (beats(socket).at(-1) === socket.sent.at(-1)) socket.receive(`${beat}0`);
		}
		expect(page.sockets).toHaveLength(1);
		connection.close();
		expect(closes[0]?.unconfirmed).toEqual(['waits for the hook']);
	});

	it('is not asked while messages come', async () => {
		const socket = await open();
		for (let seconds = 0; seconds < 120; seconds += 10) {
			await vi.advanceTimersByTimeAsync(10_000);
			socket.receive('1');
		}
		expect(beats(socket)).toEqual([]);
	});

	it('is asked again if something else came than the answer', async () => {
		const socket = await open();
		await vi.advanceTimersByTimeAsync(interval);
		await vi.advanceTimersByTimeAsync(5000);
		socket.receive('1');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(beats(socket)).toHaveLength(2);
		expect(page.sockets).toHaveLength(1);
	});

	it('is asked at once when the network goes, or somebody comes back to the page', async () => {
		const socket = await open();
		page.tell('doubt');
		page.tell('wake');
		expect(beats(socket)).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(10_000);
		await page.socket(2);
	});

	it.each([-3_600_000, 3_600_000])('is judged by no clock that can be set: by %d', async (step) => {
		const socket = await open();
		await vi.advanceTimersByTimeAsync(1000);
		vi.setSystemTime(Date.now() + step);
		socket.receive('a message');
		await vi.advanceTimersByTimeAsync(interval - 1);
		expect(beats(socket)).toHaveLength(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(beats(socket)).toHaveLength(1);
		vi.setSystemTime(Date.now() + step);
		socket.receive('another');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.state.status).toBe('open');
		expect(beats(socket)).toHaveLength(2);
	});

	it('is given another moment when the page was asleep while it waited', async () => {
		const socket = await open();
		await vi.advanceTimersByTimeAsync(interval);
		sleep();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.state.status).toBe('open');
		expect(beats(socket)).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.state.status).toBe('reconnecting');
	});

	it('is asked every ten seconds at most, though the server wants it more often', async () => {
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.receive(`${beat}2000`);
		await vi.advanceTimersByTimeAsync(9999);
		expect(beats(socket)).toHaveLength(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(beats(socket)).toHaveLength(1);
	});

	it('is left alone if the first message of the server is no beat, whatever the next one is', async () => {
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.receive('"hello"');
		socket.receive(`${beat}30000`);
		connection.send('a');
		await vi.advanceTimersByTimeAsync(600_000);
		expect(socket.sent).toEqual(['a']);
		expect(connection.messages).toEqual(['hello', `${beat}30000`]);
	});

	it('is left alone if the server knows of no heartbeats', async () => {
		for (const first of ['one', beat, `${beat}x`, undefined]) {
			page = new ScriptedPage();
			connection = new Connection(page, '/chat');
			connection.open();
			const socket = await page.socket(1);
			socket.accept();
			if (first !== undefined) socket.receive(first);
			await vi.advanceTimersByTimeAsync(600_000);
			socket.receive(`${beat}1000`);
			await vi.advanceTimersByTimeAsync(600_000);
			expect(page.sockets).toHaveLength(1);
			expect(socket.sent).toEqual([]);
			expect(connection.messages).toEqual([...(first ? [first] : []), `${beat}1000`]);
			connection.close();
		}
	});
});

describe('what was sent', () => {
	it('is confirmed a second later, by one beat for all of it', async () => {
		const socket = await open();
		for (const value of [1, 2, 3]) {
			connection.send(value);
			await vi.advanceTimersByTimeAsync(400);
		}
		expect(socket.sent).toEqual(['1', '2', '3', `${beat}3`]);
		socket.receive(`${beat}3`);
		socket.end(1001);
		expect(closes).toEqual([{ code: 1001, reason: '', unconfirmed: [] }]);
	});

	it('is reported if the connection ends before that', async () => {
		const socket = await open();
		connection.send('confirmed');
		await vi.advanceTimersByTimeAsync(1000);
		connection.send('on its way');
		socket.receive(`${beat}1`);
		connection.send('later');
		socket.fail();
		expect(closes).toEqual([{ code: 1006, reason: '', unconfirmed: ['on its way', 'later'] }]);
	});

	it('before the server has said that it confirms is confirmed too', async () => {
		connection.send('waiting');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		connection.send('at once');
		socket.receive(`${beat}${interval}`);
		await vi.advanceTimersByTimeAsync(1000);
		expect(beats(socket)).toEqual([`${beat}2`]);
		socket.receive(`${beat}1`);
		connection.close();
		expect(closes[0]?.unconfirmed).toEqual(['at once']);
	});

	it('is not confirmed by text of the app that looks like a beat', async () => {
		const socket = await open();
		connection.send('a');
		socket.receive(`${beat}999999`);
		expect(connection.messages).toEqual([`${beat}999999`]);
		connection.close();
		expect(closes[0]?.unconfirmed).toEqual(['a']);
	});

	it('counts anew on another connection', async () => {
		const first = await open();
		connection.send(1);
		first.end(1001);
		expect(closes[0]?.unconfirmed).toEqual([1]);
		const second = await open(2);
		connection.send(2);
		await vi.advanceTimersByTimeAsync(1000);
		expect(beats(second)).toEqual([`${beat}1`]);
	});

	it('goes on being confirmed while much is sent', async () => {
		const socket = await open();
		for (let sent = 0; sent < 500; sent += 1) {
			connection.send(sent);
			await vi.advanceTimersByTimeAsync(16);
			const last = beats(socket).at(-1);
			if (last !== undefined && socket.sent.at(-1) === last) socket.receive(last);
		}
		expect(beats(socket).length).toBeGreaterThan(6);
		expect(beats(socket).length).toBeLessThan(9);
		connection.close();
		expect(closes[0]?.unconfirmed.length).toBeLessThan(70);
	});
});
