import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { ConnectionOptions } from '../../../../src/client/core/types.ts';
import { eachOnPage, type ScriptedPage } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;

eachOnPage((made) => (page = made));

/** As a server of ours marks it. */
const answer = (status: number, headers: Record<string, string> = {}) =>
	new Response(null, { status, headers: { 'x-websocket-probe': '1', ...headers } });

describe('the probe', () => {
	it('believes nobody else: a proxy may answer 404 while the server is away', async () => {
		page.fetch.mockResolvedValue(new Response(null, { status: 404 }));
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it.each([
		['chat', '1,chat'],
		[['chat', 'token.abc'], '1,chat,token.abc'],
		[async () => ['fresh'], '1,fresh'],
		[() => null, '1'],
		[[], '1,']
	])('says what the handshake has offered: %j', async (protocols, value) => {
		const connection = new Connection(page, '/chat', { protocols });
		connection.open();
		(await page.socket(1)).fail();
		expect(page.fetch.mock.calls[0]?.[1].headers).toMatchObject({ 'x-websocket-probe': value });
	});

	it.each([
		['/chat', 'https://app.example'],
		['wss://app.example/chat', 'https://app.example'],
		['wss://app.example:81/chat', undefined],
		['ws://app.example/chat', undefined],
		['wss://elsewhere.example/chat', undefined]
	])('of %s names the origin of the page where the browser does not', async (url, origin) => {
		new Connection(page, url).open();
		(await page.socket(1)).fail();
		const headers = page.fetch.mock.calls[0]?.[1].headers as Record<string, string>;
		expect(headers['x-websocket-origin']).toBe(origin);
	});

	it('is not asked where no handshake was tried', async () => {
		let asked = 0;
		const connection = new Connection(page, '/chat', {
			protocols: async () => {
				if ((asked += 1) === 1) throw new Error('The token server is down');
				return 'token';
			}
		});
		connection.open();
		await page.socket(1);
		expect(page.fetch).not.toHaveBeenCalled();
	});

	it('says nothing of the next URL', async () => {
		const question = Promise.withResolvers<Response>();
		page.fetch.mockReturnValue(question.promise);
		let key = 0;
		const connection = new Connection(page, () => `/connect/${(key += 1)}`);
		connection.open();
		(await page.socket(1)).fail();
		const second = await page.socket(2);
		question.resolve(answer(404));
		await vi.advanceTimersByTimeAsync(0);
		second.accept();
		expect(connection.state.status).toBe('open');
	});

	it('is about the attempt, wherever a listener moves the connection', async () => {
		page.fetch.mockResolvedValue(answer(404));
		const connection = new Connection(page, '/first');
		connection.on('error', () => connection.moveTo('/second'));
		connection.open();
		(await page.socket(1)).fail();
		await vi.advanceTimersByTimeAsync(0);
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it.each([400, 401, 403, 404])(
		'ends attempts that would be refused with %i, and says so',
		async (status) => {
			page.fetch.mockResolvedValue(answer(status));
			const connection = new Connection(page, '/chat?a=1');
			const told = record(connection);
			connection.open();
			(await page.socket(1)).fail();
			await vi.advanceTimersByTimeAsync(120_000);
			expect(page.sockets).toHaveLength(1);
			expect(connection.state).toMatchObject({
				status: 'closed',
				attempts: 1,
				error: { code: 'refused', status }
			});
			expect(told.error).toEqual(['unreachable', status]);
			expect(page.fetch).toHaveBeenCalledTimes(1);
			const [url, init] = page.fetch.mock.calls[0] ?? [];
			expect(url).toBe('https://app.example/chat?a=1');
			expect(init).toMatchObject({
				headers: { 'x-websocket-probe': '1' },
				credentials: 'include',
				redirect: 'manual'
			});
		}
	);

	it.each([204, 200, 408, 425, 429, 500, 503])('goes on where the answer is %i', async (status) => {
		page.fetch.mockResolvedValue(answer(status));
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('is asked after every attempt that failed, one at a time', async () => {
		let question = Promise.withResolvers<Response>();
		page.fetch.mockImplementation(() => question.promise);
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		(await page.socket(2)).fail();
		expect(page.fetch).toHaveBeenCalledTimes(1);
		question.resolve(answer(503));
		await vi.advanceTimersByTimeAsync(0);
		question = Promise.withResolvers();
		(await page.socket(3)).fail();
		expect(page.fetch).toHaveBeenCalledTimes(2);
		question.resolve(answer(404));
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state).toMatchObject({ status: 'closed', error: { status: 404 } });
	});

	it('has nothing to say about what came after it was asked', async () => {
		const question = Promise.withResolvers<Response>();
		page.fetch.mockReturnValue(question.promise);
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		connection.moveTo('/other');
		question.resolve(answer(404));
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state.status).toBe('connecting');
		(await page.socket(2)).accept();
		expect(connection.state.status).toBe('open');
	});

	it('has nothing to say to a connection that came after all', async () => {
		const question = Promise.withResolvers<Response>();
		page.fetch.mockReturnValue(question.promise);
		const connection = new Connection(page, '/chat');
		const told = record(connection);
		connection.open();
		(await page.socket(1)).fail();
		(await page.socket(2)).accept();
		question.resolve(answer(404));
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state).toEqual({ status: 'open', attempts: 0, error: undefined });
		expect(told.error).toEqual(['unreachable']);
	});

	it('that was left is not waited for: the next failure is asked about', async () => {
		page.fetch.mockReturnValueOnce(new Promise(() => {}));
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		const second = await page.socket(2);
		second.accept();
		second.end(1001);
		page.fetch.mockResolvedValueOnce(answer(404));
		(await page.socket(3)).fail();
		await vi.advanceTimersByTimeAsync(0);
		expect(page.fetch).toHaveBeenCalledTimes(2);
		expect(connection.state).toMatchObject({ status: 'closed', error: { status: 404 } });
	});

	it('has nothing to say to whoever has closed the connection in the meantime', async () => {
		const question = Promise.withResolvers<Response>();
		page.fetch.mockReturnValue(question.promise);
		const connection = new Connection(page, '/chat');
		const told = record(connection);
		connection.open();
		(await page.socket(1)).fail();
		connection.close();
		question.resolve(answer(404));
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state).toEqual({ status: 'closed', attempts: 0, error: undefined });
		expect(told.error).toEqual(['unreachable']);
	});

	it('is given up after ten seconds, so that the next failure can be asked about', async () => {
		vi.spyOn(AbortSignal, 'timeout').mockImplementation((delay) => {
			const controller = new AbortController();
			setTimeout(() => controller.abort(), delay);
			return controller.signal;
		});
		const signals: AbortSignal[] = [];
		page.fetch.mockImplementation((_, { signal }) => {
			if (signal) signals.push(signal);
			return new Promise((_resolve, reject) => {
				signal?.addEventListener('abort', () => reject(signal.reason as Error));
			});
		});
		new Connection(page, '/chat').open();
		(await page.socket(1)).fail();
		await vi.advanceTimersByTimeAsync(9990);
		expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
		await vi.advanceTimersByTimeAsync(20);
		expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
		page.sockets.at(-1)?.fail();
		expect(page.fetch).toHaveBeenCalledTimes(2);
	});

	it('is not asked where a connection was open', async () => {
		const connection = new Connection(page, '/chat');
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.fail();
		await page.socket(2);
		expect(page.fetch).not.toHaveBeenCalled();
	});
});

describe('a redirect', () => {
	const redirect = (status: number, location?: string) =>
		answer(403, {
			'x-websocket-redirect': String(status),
			...(location !== undefined && { location })
		});

	async function redirectedTo(status: number, location?: string) {
		page.fetch.mockResolvedValue(redirect(status, location));
		const connection = new Connection(page, '/chat?a=1');
		const told = record(connection);
		connection.send('waiting');
		connection.open();
		(await page.socket(1)).fail();
		await vi.advanceTimersByTimeAsync(120_000);
		expect(page.sockets).toHaveLength(1);
		expect(page.listeners).toBe(0);
		expect(told.error).toEqual(['unreachable', status]);
		expect(told.close).toEqual([{ code: 1000, reason: '', unconfirmed: ['waiting'] }]);
		expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'redirected' } });
		return connection.state.error;
	}

	it.each([301, 302, 303, 307, 308])(
		'with %i is final, and says where it leads',
		async (status) => {
			const error = await redirectedTo(status, '/login?from=socket');
			expect(error).toMatchObject({ status, location: 'https://app.example/login?from=socket' });
		}
	);

	it.each([
		['login', 'https://app.example/login'],
		['?b=2', 'https://app.example/chat?b=2'],
		['https://sso.example/login', 'https://sso.example/login'],
		['//sso.example/login', 'https://sso.example/login'],
		['', 'https://app.example/chat?a=1'],
		['http://[', undefined],
		['javascript:alert(1)', undefined],
		[undefined, undefined]
	])('to %s leads to %s', async (location, expected) => {
		expect((await redirectedTo(303, location))?.location).toBe(expected);
	});

	it('of somebody else, which a page cannot read, is none', async () => {
		page.fetch.mockResolvedValue(new Response(null, { status: 200 }));
		const connection = new Connection(page, '/chat');
		connection.open();
		(await page.socket(1)).fail();
		await page.socket(2);
		expect(connection.state).toMatchObject({ error: { code: 'unreachable' } });
	});
});

describe('handshakes that do not get through where probes do', () => {
	let said: string[];

	beforeEach(() => {
		said = [];
		vi.spyOn(console, 'error').mockImplementation((line: string) => said.push(line));
		page.fetch.mockImplementation(() => Promise.resolve(answer(204)));
	});

	async function failing(count: number, options: ConnectionOptions<unknown> = {}) {
		const connection = new Connection(page, '/chat', options);
		const told = record(connection);
		connection.open();
		for (let each = 1; each <= count; each += 1) {
			(await page.socket(each)).fail();
			await vi.advanceTimersByTimeAsync(0);
		}
		return { connection, told };
	}

	it('are said to be blocked from the second in a row on, with one line on the console', async () => {
		const { connection, told } = await failing(1);
		expect(connection.state).toMatchObject({ error: { code: 'unreachable' } });
		for (const count of [2, 3, 4]) {
			(await page.socket(count)).fail();
			expect(connection.state.error?.code).toBe(count === 2 ? 'unreachable' : 'blocked');
			await vi.advanceTimersByTimeAsync(0);
			expect(connection.state).toMatchObject({
				status: 'reconnecting',
				attempts: count,
				error: { code: 'blocked' }
			});
		}
		expect(told.error).toEqual(['unreachable', 'unreachable', 'blocked', 'blocked', 'blocked']);
		expect(said).toHaveLength(1);
		expect(said[0]).toMatch(/^\[svelte-adapter-ws\] .*app\.example\/chat.*Upgrade/);
	});

	it('are tried again, and are forgotten once one does', async () => {
		const { connection } = await failing(3);
		const fourth = await page.socket(4);
		fourth.accept();
		expect(connection.state).toEqual({ status: 'open', attempts: 0, error: undefined });
		fourth.end(1001);
		(await page.socket(5)).fail();
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state.error?.code).toBe('unreachable');
		(await page.socket(6)).fail();
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state.error?.code).toBe('blocked');
		expect(said).toHaveLength(1);
	});

	it.each([
		['a server that fails', () => Promise.resolve(answer(503))],
		['one that is away', () => Promise.reject(new TypeError('fetch failed'))],
		['a proxy', () => Promise.resolve(new Response(null, { status: 200 }))]
	])('are none in a row where %s has answered in between', async (_, between) => {
		page.fetch
			.mockResolvedValueOnce(answer(204))
			.mockImplementationOnce(between)
			.mockResolvedValueOnce(answer(204));
		const { connection } = await failing(3);
		expect(connection.state.error?.code).toBe('unreachable');
		expect(said).toEqual([]);
		(await page.socket(4)).fail();
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state.error?.code).toBe('blocked');
	});

	it('are counted for each place by itself, though every URL of it is new', async () => {
		let token = 0;
		const connection = new Connection(page, () => `/chat?token=${(token += 1)}`);
		connection.open();
		for (const count of [1, 2]) {
			(await page.socket(count)).fail();
			await vi.advanceTimersByTimeAsync(0);
		}
		expect(connection.state.error?.code).toBe('blocked');
		connection.moveTo('/other');
		(await page.socket(3)).fail();
		await vi.advanceTimersByTimeAsync(0);
		expect(connection.state.error?.code).toBe('unreachable');
	});

	it('are said to be so though attempts are used up', async () => {
		const { connection } = await failing(2, { maxReconnectAttempts: 1 });
		expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'blocked' } });
	});

	it('may have offered no subprotocol that is spoken there: then that is why, for good', async () => {
		const { connection, told } = await failing(1, { protocols: ['chat.v3', 'token'] });
		expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'bad_protocol' } });
		expect(connection.state.error?.message).toContain('(chat.v3,token)');
		expect(told.error).toEqual(['unreachable', 'bad_protocol']);
		expect(said).toEqual([]);
	});

	it('may have offered one that is spoken', async () => {
		page.fetch.mockImplementation(() =>
			Promise.resolve(answer(204, { 'x-websocket-probe': '1,chat.v2' }))
		);
		const { connection } = await failing(2, { protocols: 'chat.v2' });
		expect(connection.state).toMatchObject({ status: 'reconnecting', error: { code: 'blocked' } });
	});
});
