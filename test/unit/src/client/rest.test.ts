import { describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import { ConnectionError } from '../../../../src/client/core/errors.ts';
import { eachOnPage, type ScriptedPage } from './page.ts';

let page: ScriptedPage;

eachOnPage((made) => (page = made));

/** Seconds until the next socket, rounded up. */
async function delayBefore(count: number): Promise<number> {
	let seconds = 0;
	for (; page.sockets.length < count; seconds += 1) await vi.advanceTimersByTimeAsync(1000);
	return seconds;
}

describe('a close code that means "not now"', () => {
	it.each([1013, 4429])('%i is followed by ten times the delay, which grows', async (code) => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const delays: number[] = [];
		for (let count = 1; count < 12; count += 1) {
			const socket = await page.socket(count);
			socket.accept();
			socket.end(code, 'later');
			expect(connection.state).toMatchObject({
				status: 'reconnecting',
				error: { code: 'closed', closeCode: code }
			});
			delays.push(await delayBefore(count + 1));
		}
		expect(delays).toEqual([10, 16, 26, 41, 66, 105, 168, 269, 300, 300, 300]);
	});

	it('is a wish that somebody who looks at the page does not override, nor the network', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.end(1013);
		await vi.advanceTimersByTimeAsync(5000);
		page.tell('wake');
		page.tell('online');
		await vi.advanceTimersByTimeAsync(4900);
		expect(page.sockets).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(200);
		expect(page.sockets).toHaveLength(2);
	});

	it('is nothing to somebody who asks for a connection', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.end(4429);
		connection.reconnect();
		await vi.advanceTimersByTimeAsync(1);
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('leaves no timer behind where it is closed', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.end(1013);
		await vi.advanceTimersByTimeAsync(5000);
		connection.close();
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('an answer that means "not now"', () => {
	const answer = (status: number, headers: Record<string, string>, mark = '1') =>
		new Response(null, {
			status,
			headers: { ...(mark && { 'x-websocket-probe': mark }), ...headers }
		});
	const server = { date: 'Fri, 27 Nov 2026 10:00:00 GMT' };

	it.each([
		[429, { 'retry-after': '60' }, 75_000],
		[503, { 'retry-after': '60' }, 75_000],
		[503, { 'retry-after': 'Fri, 27 Nov 2026 10:01:00 GMT', ...server }, 75_000],
		[429, { 'retry-after': '86400' }, 4_500_000],
		[429, {}, 10_000],
		[429, { 'retry-after': 'soon' }, 10_000],
		[429, { 'retry-after': '0' }, 1000],
		[503, {}, 1000],
		[503, { 'retry-after': 'Fri, 27 Nov 2026 09:00:00 GMT', ...server }, 1000],
		[500, { 'retry-after': '60' }, 1000]
	])('%i with %j is followed by %i ms', async (status, headers, expected) => {
		page.fetch.mockResolvedValue(answer(status, headers as Record<string, string>));
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		await vi.advanceTimersByTimeAsync(expected - 100);
		expect(page.sockets).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(200);
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('counts though it comes during the next attempt, which fails as well', async () => {
		const question = Promise.withResolvers<Response>();
		page.fetch.mockReturnValueOnce(question.promise);
		new Connection(page, '/chat').open();
		(await page.socket(1)).fail();
		const second = await page.socket(2);
		question.resolve(answer(503, { 'retry-after': '60' }));
		await vi.advanceTimersByTimeAsync(0);
		second.fail();
		const delay = await delayBefore(3);
		expect(delay).toBeGreaterThanOrEqual(74);
		expect(delay).toBeLessThanOrEqual(76);
	});

	it('may be that of a proxy', async () => {
		page.fetch.mockResolvedValue(answer(503, { 'retry-after': '30' }, ''));
		new Connection(page, '/chat').open();
		(await page.socket(1)).fail();
		expect(await delayBefore(2)).toBe(38);
	});

	it('with a date is about the clock of the server, or else of the browser', async () => {
		const date = new Date(Date.now() + 60_000).toUTCString();
		page.fetch.mockResolvedValue(answer(503, { 'retry-after': date }));
		new Connection(page, '/chat').open();
		(await page.socket(1)).fail();
		const delay = await delayBefore(2);
		expect(delay).toBeGreaterThan(70);
		expect(delay).toBeLessThanOrEqual(75);
	});

	it('may come where somebody asks for a URL', async () => {
		let asked = 0;
		const connection = new Connection(page, () => {
			if ((asked += 1) > 1) return '/chat';
			throw new ConnectionError('refused', { what: 'Later', status: 429, retryAfter: 20_000 });
		});
		connection.open();
		expect(await delayBefore(1)).toBe(25);
	});
});
