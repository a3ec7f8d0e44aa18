import { describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { MaybePromise } from '../../../../src/client/core/types.ts';
import { eachOnPage, type ScriptedPage } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;

eachOnPage((made) => (page = made));

const forever = () => new Promise<never>(() => {});

describe('an attempt', () => {
	it('is given up where the handshake is not answered for 12 seconds', async () => {
		const connection = new Connection(page, 'wss://elsewhere.example/');
		connection.open();
		const first = await page.socket(1);
		await vi.advanceTimersByTimeAsync(11_800);
		expect(first.closed).toBeUndefined();
		await vi.advanceTimersByTimeAsync(200);
		expect(first.closed).toBeDefined();
		expect(connection.state).toMatchObject({ status: 'reconnecting', attempts: 1 });
		const second = await page.socket(2);
		// too late
		first.accept();
		expect(connection.state.status).toBe('reconnecting');
		second.accept();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(connection.state.status).toBe('open');
	});

	it.each<[string, () => MaybePromise<string>, (() => Promise<never>) | undefined]>([
		['the URL', forever, undefined],
		['the protocols', () => '/chat', forever],
		['both', forever, forever]
	])(
		'is given up where the question for %s is not answered for as long',
		async (_, url, protocols) => {
			const asked = vi.fn(url);
			const connection = new Connection(page, asked, { protocols });
			const told = record(connection);
			connection.open();
			await vi.advanceTimersByTimeAsync(12_100);
			expect(connection.state).toMatchObject({
				status: 'reconnecting',
				attempts: 1,
				error: { code: 'unreachable', cause: { message: 'An attempt may take 12 seconds' } }
			});
			await vi.advanceTimersByTimeAsync(13_500);
			expect(asked).toHaveBeenCalledTimes(2);
			expect(told.error).toEqual(['unreachable', 'unreachable']);
			expect(page.fetch).not.toHaveBeenCalled();
			connection.close();
			await vi.advanceTimersByTimeAsync(60_000);
			expect(vi.getTimerCount()).toBe(0);
		}
	);

	it('has 12 seconds for all of it', async () => {
		const connection = new Connection(
			page,
			() => new Promise((resolve) => setTimeout(resolve, 8000, '/chat')),
			{ protocols: () => new Promise((resolve) => setTimeout(resolve, 8000, null)) }
		);
		connection.open();
		const first = await page.socket(1);
		await vi.advanceTimersByTimeAsync(3000);
		expect(first.closed).toBeUndefined();
		await vi.advanceTimersByTimeAsync(1000);
		expect(first.closed).toBeDefined();
		expect(connection.state).toMatchObject({ status: 'reconnecting', attempts: 1 });
	});

	it('that was given up is not heard of again, whatever its question is answered', async () => {
		const answers: ((url: string) => void)[] = [];
		const connection = new Connection(
			page,
			() => new Promise<string>((resolve) => answers.push(resolve))
		);
		connection.open();
		while (answers.length < 2) await vi.advanceTimersByTimeAsync(1000);
		answers[1]?.('/second');
		const socket = await page.socket(1);
		answers[0]?.('/first');
		await vi.advanceTimersByTimeAsync(1000);
		expect(page.sockets).toHaveLength(1);
		socket.accept();
		expect(socket.url).toContain('/second');
		expect(connection.state.status).toBe('open');
	});

	it('that hangs is given up at once when the network comes back, in every stage of it', async () => {
		let url: string | Promise<never> = forever();
		const asked = vi.fn(() => url);
		const connection = new Connection(page, asked);
		connection.open();
		await vi.advanceTimersByTimeAsync(5000);
		expect(asked).toHaveBeenCalledTimes(1);
		url = '/chat';
		page.tell('online');
		await vi.advanceTimersByTimeAsync(1);
		expect(asked).toHaveBeenCalledTimes(2);
		expect(connection.state.status).toBe('connecting');
		const first = await page.socket(1);
		page.tell('online');
		expect(first.closed).toBeDefined();
		await vi.advanceTimersByTimeAsync(1);
		(await page.socket(2)).accept();
		expect(connection.state).toEqual({ status: 'open', attempts: 0, error: undefined });
	});

	it('is left alone where somebody only looks at the page again', async () => {
		const asked = vi.fn(forever);
		new Connection(page, asked).open();
		await vi.advanceTimersByTimeAsync(5000);
		page.tell('wake');
		await vi.advanceTimersByTimeAsync(1);
		expect(asked).toHaveBeenCalledTimes(1);
	});
});

describe('a connection', () => {
	it('that is open is asked, not left, when the network comes back', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.receive('\u001630000');
		page.tell('online');
		await vi.advanceTimersByTimeAsync(1);
		expect(page.sockets).toHaveLength(1);
		expect(socket.sent).toEqual(['\u00160']);
	});
});

describe('what the constructor of the browser throws', () => {
	const throwing = (thrown: Error) => {
		const construct = () => {
			throw thrown;
		};
		Object.assign(page, { WebSocket: new Proxy(WebSocket, { construct }) });
	};

	it.each([
		['SyntaxError', 'a b', 'bad_protocol'],
		['SyntaxError', ['a', 'a'], 'bad_protocol'],
		['SyntaxError', undefined, 'bad_url'],
		['SecurityError', 'a', 'bad_url'],
		['SecurityError', undefined, 'bad_url']
	])('is final, and the cause: %s with the subprotocols %s', async (name, protocols, code) => {
		const thrown = new DOMException('The browser said no', name);
		throwing(thrown);
		const asked = vi.fn(() => '/chat');
		const connection = new Connection(page, asked, { protocols });
		const told = record(connection);
		connection.send('waiting');
		connection.open();
		await vi.advanceTimersByTimeAsync(120_000);
		expect(asked).toHaveBeenCalledTimes(1);
		expect(connection.state).toMatchObject({ status: 'closed', attempts: 1, error: { code } });
		expect(connection.state.error?.cause).toBe(thrown);
		expect(told.error).toEqual([code]);
		expect(told.close).toMatchObject([{ unconfirmed: ['waiting'] }]);
		expect(page.fetch).not.toHaveBeenCalled();
		expect(page.listeners).toBe(0);
	});

	it('is so for a later attempt as well', async () => {
		let protocols = 'fine';
		const connection = new Connection(page, '/chat', { protocols: () => protocols });
		connection.open();
		(await page.socket(1)).accept();
		protocols = 'not fine';
		throwing(new DOMException('The browser said no', 'SyntaxError'));
		page.sockets[0]?.end(1001);
		await vi.advanceTimersByTimeAsync(120_000);
		expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'bad_protocol' } });
	});
});
