import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CookieChanges } from '../../../../src/client/live/cookie-changes.ts';
import { LiveFetch } from '../../../../src/client/live/live-fetch.ts';
import type { LivePage } from '../../../../src/client/live/live-page.ts';
import { findLiveQuery, isUnsafe } from '../../../../src/client/live/live-query.ts';
import { liveOverWebSocket } from '../../../../src/client/live/index.ts';
import { LiveSockets } from '../../../../src/client/live/live-sockets.ts';
import { liveFrame, liveProtocol, says, type LiveHead } from '../../../../src/shared/live.ts';
import { ScriptedSocket } from './page.ts';

const origin = 'https://app.example';
const remote = `${origin}/base/_app/remote/`;
const init = { headers: { accept: 'text/event-stream' } };

/** A page on a clock that the test moves, whose servers it plays. */
class Played implements LivePage {
	readonly url = `${origin}/base/rooms`;
	readonly base = '/base';
	readonly remote = '/base/_app/remote/';
	cookies = 'theme=dark';
	readonly sockets: ScriptedSocket[] = [];
	readonly WebSocket: typeof WebSocket;
	readonly fetched: unknown[] = [];
	answer: (input: RequestInfo | URL) => Promise<Response> = () =>
		Promise.resolve(new Response('fetched'));
	readonly changes = new CookieChanges();
	readonly live: LiveFetch;

	constructor() {
		const { sockets } = this;
		this.WebSocket = class extends ScriptedSocket {
			constructor(url: string | URL, protocols?: string | string[]) {
				super(url, protocols);
				this.protocol = liveProtocol;
				sockets.push(this);
			}
			override close(code?: number, reason?: string): void {
				super.close(code, reason);
			}
		} as unknown as typeof WebSocket;
		this.live = new LiveFetch(this, new LiveSockets(this, this.changes), this.changes);
	}

	readonly fetch: typeof fetch = (...args) => {
		this.fetched.push(args);
		return this.answer(args[0]);
	};

	now(): number {
		return Date.now();
	}

	/** A query, and what becomes of it. */
	query(name: string, signal?: AbortSignal): Promise<Response> {
		return this.live.fetch(remote + name, signal ? { ...init, signal } : init);
	}

	socket(index: number): ScriptedSocket {
		const socket = this.sockets[index];
		if (socket === undefined) throw new Error(`There is no socket ${index}`);
		return socket;
	}
}

const settle = () => vi.advanceTimersByTimeAsync(0);

const head = (fields: Partial<LiveHead> = {}): string =>
	JSON.stringify({
		status: 200,
		statusText: 'OK',
		headers: [['content-type', 'text/event-stream']],
		...fields
	});

function piece(id: number, text: string): ArrayBuffer {
	const bytes = new Uint8Array(4 + text.length);
	new DataView(bytes.buffer).setUint32(0, id);
	new TextEncoder().encodeInto(text, bytes.subarray(4));
	return bytes.buffer;
}

/** An open socket with one query that was asked. */
async function asked(signal?: AbortSignal) {
	const page = new Played();
	const response = page.query('one', signal);
	response.catch(() => {});
	await settle();
	const socket = page.socket(0);
	socket.accept();
	await settle();
	return { page, response, socket };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a request for a live query', () => {
	const page = new Played();
	const found = (...args: Parameters<typeof fetch>) => findLiveQuery(args[0], args[1], page);

	it.each([
		['a path', '/base/_app/remote/abc/live?payload=1'],
		['an address', `${remote}abc/live`],
		['a URL', new URL(`${remote}abc/live`)],
		['a Request', new Request(`${remote}abc/live`, init)]
	])('may be %s', (_, input) => {
		expect(found(input, input instanceof Request ? undefined : init)).toMatchObject({
			url: { origin }
		});
	});

	it('tells the server what it needs', () => {
		expect(found('/base/_app/remote/abc/live?payload=1', init)?.request).toBe(
			'{"path":"/base/_app/remote/abc/live?payload=1","headers":[["accept","text/event-stream"]]}'
		);
	});

	it.each<[string, string, RequestInit?]>([
		['a query', `${remote}abc/query`, { headers: { accept: '*/*' } }],
		['without headers', `${remote}abc/query`, {}],
		['a command', `${remote}abc/command`, { ...init, method: 'POST' }],
		['of another path', `${origin}/base/remote/abc`],
		['of another origin', 'https://other.example/base/_app/remote/abc'],
		['with headers of its own', `${remote}abc`, { headers: { ...init.headers, 'x-other': '1' } }],
		['without cookies', `${remote}abc`, { ...init, credentials: 'omit' }],
		['of a certain cache', `${remote}abc`, { ...init, cache: 'no-store' }],
		['that outlives its page', `${remote}abc`, { ...init, keepalive: true }],
		['that follows no redirect', `${remote}abc`, { ...init, redirect: 'manual' }],
		['too long for a frame', `${remote}abc?payload=${'x'.repeat(8200)}`],
		['that is no address', 'https://[/remote/']
	])('is none: %s', (_, url, given = init) => {
		expect(found(url, given)).toBeUndefined();
	});

	it.each([
		['/a', undefined, false],
		['/a', { method: 'head' }, false],
		['/a', { method: 'post' }, true],
		[new Request(`${origin}/a`, { method: 'DELETE' }), undefined, true],
		[new Request(`${origin}/a`, { method: 'POST' }), { method: 'GET' }, false]
	])('is one that may change cookies, or not: %s %j', (input, given, expected) => {
		expect(isUnsafe(input, given)).toBe(expected);
	});
});

describe('fetch of a page with live queries over a socket', () => {
	it('hands everything else on as it is', async () => {
		const page = new Played();
		const options = { method: 'POST', body: 'a' };
		const response = await page.live.fetch('/form', options);
		expect(await response.text()).toBe('fetched');
		expect(page.fetched).toEqual([['/form', options]]);
		expect(page.sockets).toEqual([]);
	});

	it('asks over one socket, and has the answer as fetch has it', async () => {
		const { page, response, socket } = await asked();
		expect(socket.url).toBe('wss://app.example/base/_/live');
		expect(socket.protocols).toEqual([liveProtocol]);
		const again = page.query('two');
		await settle();
		expect(page.sockets).toHaveLength(1);
		expect(socket.sent).toEqual([
			'g1,{"path":"/base/_app/remote/one","headers":[["accept","text/event-stream"]]}',
			'g2,{"path":"/base/_app/remote/two","headers":[["accept","text/event-stream"]]}'
		]);
		socket.receive(`h2,${head({ status: 404, statusText: 'Not Found' })}`);
		socket.receive(`h1,${head()}`);
		socket.receive(piece(1, 'first '));
		socket.receive(piece(2, 'no'));
		socket.receive('e2');
		socket.receive(piece(1, 'second'));
		socket.receive('e1');
		const { ok, status, statusText, url, headers, type, redirected } = await response;
		expect({ ok, status, statusText, url, type, redirected }).toEqual({
			ok: true,
			status: 200,
			statusText: 'OK',
			url: `${remote}one`,
			type: 'basic',
			redirected: false
		});
		expect(headers.get('content-type')).toBe('text/event-stream');
		expect(await (await response).text()).toBe('first second');
		expect([(await again).ok, await (await again).text()]).toEqual([false, 'no']);
		expect(page.fetched).toEqual([]);
	});

	it('tells what has arrived at once, and what was read before the server waits for it', async () => {
		const { response, socket } = await asked();
		socket.receive(`h1,${head()}`);
		const body = (await response).body?.getReader();
		socket.sent.length = 0;
		for (let each = 0; each < 8; each += 1) socket.receive(piece(1, 'x'.repeat(4096)));
		await settle();
		expect(socket.sent.every((frame) => String(frame).startsWith('a'))).toBe(true);
		const arrived = socket.sent.map((frame) => Number(String(frame).slice(1)));
		expect(arrived.reduce((sum, each) => sum + each, 0)).toBe(8 * 4096);
		socket.sent.length = 0;
		for (let each = 0; each < 8; each += 1) await body?.read();
		await settle();
		expect(socket.sent).toEqual(['r1,16384', 'r1,16384']);
	});

	it.each([204, 205, 304])('has no body where there is none: %d', async (status) => {
		const { response, socket } = await asked();
		socket.receive(`h1,${head({ status })}`);
		expect((await response).body).toBeNull();
		socket.receive('e1');
	});

	it('is fetched where the server declines it, or loses it before it has begun', async () => {
		for (const end of [says.declined, says.lost]) {
			const { page, response, socket } = await asked();
			socket.receive(liveFrame(end, 1));
			expect(await (await response).text()).toBe('fetched');
			expect(page.fetched).toEqual([[`${remote}one`, init]]);
		}
	});

	it('fails as a lost connection does, once it has begun', async () => {
		const { response, socket } = await asked();
		socket.receive(`h1,${head()}`);
		const reading = (await response).text();
		socket.receive(piece(1, 'begun'));
		socket.end(1006);
		await expect(reading).rejects.toThrow(TypeError);
	});

	it('is fetched where the socket ends before it has begun', async () => {
		const { response, socket } = await asked();
		socket.end(1001);
		expect(await (await response).text()).toBe('fetched');
	});

	it('fails where the socket ends while the cookies of the answer are set', async () => {
		const { page, response, socket } = await asked();
		page.answer = () => new Promise(() => {});
		socket.receive(`h1,${head({ cookies: 'the key' })}`);
		await settle();
		socket.end(1006);
		await vi.advanceTimersByTimeAsync(1000);
		await expect((await response).text()).rejects.toThrow(TypeError);
	});

	it('can be aborted: while there is no socket, before the answer, and amid it', async () => {
		const reason = new Error('enough');
		const waiting = new AbortController();
		const page = new Played();
		const unopened = page.query('one', waiting.signal);
		await settle();
		waiting.abort(reason);
		await expect(unopened).rejects.toBe(reason);

		const before = new AbortController();
		const first = await asked(before.signal);
		before.abort(reason);
		await expect(first.response).rejects.toBe(reason);
		expect(first.socket.sent.at(-1)).toBe('c1');

		const amid = new AbortController();
		const second = await asked(amid.signal);
		second.socket.receive(`h1,${head()}`);
		const reading = (await second.response).text();
		amid.abort(reason);
		await expect(reading).rejects.toBe(reason);
		expect(second.socket.sent.at(-1)).toBe('c1');

		await expect(page.query('one', AbortSignal.abort(reason))).rejects.toBe(reason);
		expect(page.fetched).toEqual([]);
	});

	it('says that nobody wants the rest of a body', async () => {
		const { response, socket } = await asked();
		socket.receive(`h1,${head()}`);
		await (await response).body?.cancel();
		expect(socket.sent.at(-1)).toBe('c1');
		socket.receive(piece(1, 'late'));
		socket.receive('e1');
	});

	it('follows redirects as fetch does', async () => {
		const { page, response, socket } = await asked();
		socket.receive(`h1,${head({ status: 303, headers: [['Location', '../login?a']] })}`);
		expect(await (await response).text()).toBe('fetched');
		expect(page.fetched).toEqual([[new URL(`${origin}/base/_app/login?a`), init]]);
	});

	it('has the cookies of an answer set before the page has it, and asks elsewhere from then on', async () => {
		const { page, response, socket } = await asked();
		const { promise, resolve } = Promise.withResolvers<Response>();
		page.answer = () => promise;
		socket.receive(`h1,${head({ cookies: 'the key' })}`);
		const done = vi.fn();
		void response.then(done);
		await settle();
		expect(done).not.toHaveBeenCalled();
		expect(page.fetched).toEqual([
			[
				new URL(`${origin}/base/_/live`),
				{ headers: { 'x-live-cookies': 'the key' }, cache: 'no-store' }
			]
		]);
		resolve(new Response(null, { status: 204 }));
		await settle();
		expect(done).toHaveBeenCalled();
		void page.query('two');
		await settle();
		expect(page.sockets).toHaveLength(2);
	});
});

describe('where there is no socket', () => {
	it('a query is fetched after a second, and those that follow at once', async () => {
		const page = new Played();
		const first = page.query('one');
		await vi.advanceTimersByTimeAsync(999);
		expect(page.fetched).toEqual([]);
		await vi.advanceTimersByTimeAsync(1);
		expect(await (await first).text()).toBe('fetched');
		expect(await (await page.query('two')).text()).toBe('fetched');
		expect(page.sockets).toHaveLength(1);
		// One that opens late is used.
		page.socket(0).accept();
		void page.query('three');
		await settle();
		expect(page.socket(0).sent).toHaveLength(1);
	});

	it('a query is fetched as soon as that is known, and none is tried for a while, longer each time', async () => {
		const page = new Played();
		const waits: number[] = [];
		for (let each = 0; each < 7; each += 1) {
			const since = Date.now();
			while (page.sockets.length === each) {
				await vi.advanceTimersByTimeAsync(1000);
				void page.query('one');
				await settle();
			}
			waits.push(Math.round((Date.now() - since) / 1000));
			page.socket(each).fail();
			await settle();
		}
		expect(waits).toEqual([1, 10, 20, 40, 80, 160, 300]);
		expect(page.fetched.length).toBeGreaterThan(500);
	});

	it('many queries that wait for one slow handshake are one failure', async () => {
		const page = new Played();
		const waiting = Array.from({ length: 6 }, (_, index) => page.query(`q${index}`));
		await vi.advanceTimersByTimeAsync(1000);
		await Promise.all(waiting);
		page.socket(0).fail();
		await vi.advanceTimersByTimeAsync(9000);
		await page.query('too early');
		expect(page.sockets).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1000);
		void page.query('again');
		await settle();
		expect(page.sockets).toHaveLength(2);
	});

	it('a socket that nobody wants any more is no failure', async () => {
		const page = new Played();
		const controller = new AbortController();
		const unwanted = page.query('one', controller.signal);
		await settle();
		controller.abort();
		await expect(unwanted).rejects.toBe(controller.signal.reason);
		await page.live.fetch('/login', { method: 'POST' });
		void page.query('two');
		await settle();
		expect(page.socket(0).closed).toBeDefined();
		expect(page.sockets).toHaveLength(2);
	});

	it('a server that chooses no such protocol is one without', async () => {
		const page = new Played();
		const response = page.query('one');
		await settle();
		page.socket(0).protocol = '';
		page.socket(0).accept();
		expect(await (await response).text()).toBe('fetched');
		expect(page.socket(0).closed).toBeDefined();
	});
});

describe('who is asking', () => {
	/** Whether a query uses the socket of the one before it. */
	async function shares(between: (page: Played) => unknown): Promise<boolean> {
		const { page } = await asked();
		await between(page);
		void page.query('two');
		await settle();
		return page.sockets.length === 1;
	}

	const post = (page: Played) => page.live.fetch('/login', { method: 'POST' });

	it.each<[boolean, string, (page: Played) => unknown]>([
		[true, 'nothing happens', () => {}],
		[true, 'almost five seconds pass', () => vi.advanceTimersByTimeAsync(4990)],
		[false, 'five seconds pass', () => vi.advanceTimersByTimeAsync(5000)],
		[true, 'something is fetched', (page) => page.live.fetch('/data')],
		[true, 'the head of something is', (page) => page.live.fetch('/data', { method: 'HEAD' })],
		[false, 'something is posted', post],
		[false, 'something is deleted', (page) => page.live.fetch('/me', { method: 'DELETE' })],
		[
			false,
			'something that is posted has no answer yet',
			(page) => {
				page.answer = () => new Promise(() => {});
				void post(page);
			}
		],
		[
			false,
			'something that is posted fails',
			(page) => {
				page.answer = () => Promise.reject(new TypeError('offline'));
				return post(page).catch(() => {});
			}
		],
		[false, 'the page changes a cookie', (page) => void (page.cookies = 'theme=light')],
		[false, 'a form is sent', (page) => void page.changes.note()]
	])('the same, %j: %s', async (expected, _, between) => {
		expect(await shares(between)).toBe(expected);
	});

	it('is somebody else once a request that was under way when the socket was opened is answered', async () => {
		const page = new Played();
		const { promise, resolve } = Promise.withResolvers<Response>();
		page.answer = () => promise;
		const login = page.live.fetch('/login', { method: 'POST' });
		void page.query('one');
		await settle();
		page.socket(0).accept();
		await settle();
		resolve(new Response());
		await login;
		await settle();
		void page.query('two');
		await settle();
		expect(page.sockets).toHaveLength(2);
	});

	it('is in doubt for a while after a request of whose answer nobody tells', async () => {
		const page = new Played();
		page.changes.doubt();
		for (let each = 0; each < 3; each += 1) {
			void page.query(`q${each}`);
			await vi.advanceTimersByTimeAsync(1);
			page.socket(each).accept();
			await vi.advanceTimersByTimeAsync(250);
		}
		expect(page.sockets).toHaveLength(3);
		await vi.advanceTimersByTimeAsync(5000);
		const { count } = page.changes;
		await vi.advanceTimersByTimeAsync(5000);
		expect(page.changes.count).toBe(count);
	});

	it('leaves the old socket to the queries that it has, and closes it with the last one', async () => {
		const controller = new AbortController();
		const { page, socket } = await asked(controller.signal);
		await post(page);
		void page.query('two');
		await settle();
		await vi.advanceTimersByTimeAsync(6000);
		expect(socket.closed).toBeUndefined();
		controller.abort();
		expect(socket.closed).toBeDefined();
	});

	it('closes a socket that is not used any more when it takes no more queries', async () => {
		const controller = new AbortController();
		const { socket } = await asked(controller.signal);
		controller.abort();
		await vi.advanceTimersByTimeAsync(4990);
		expect(socket.closed).toBeUndefined();
		await vi.advanceTimersByTimeAsync(10);
		expect(socket.closed).toBeDefined();
	});

	it('keeps a socket that is being opened for those who wait for it', async () => {
		const page = new Played();
		void page.query('one');
		await settle();
		await post(page);
		void page.query('two');
		await settle();
		expect(page.sockets).toHaveLength(2);
		page.socket(0).accept();
		await settle();
		expect(page.socket(0).sent).toHaveLength(1);
		expect(page.socket(0).closed).toBeUndefined();
	});

	it('has another socket for more queries than one takes', async () => {
		const page = new Played();
		for (let each = 0; each < 300; each += 1) void page.query(`q${each}`);
		await settle();
		expect(page.sockets).toHaveLength(2);
	});
});

it('does nothing on a server', () => {
	const before = globalThis.fetch;
	liveOverWebSocket();
	expect(globalThis.fetch).toBe(before);
});
