import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
	connect,
	constants,
	createServer,
	type ClientHttp2Session,
	type IncomingHttpHeaders,
	type OutgoingHttpHeaders
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/server/engine/engine.ts';
import { NodeEngine } from '../../../src/server/engine/node/index.ts';

/** What one request was answered. */
interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: string;
}

// Only servers of one's own speak it: the engine listens for HTTP/1.1.
describe('node: requests over HTTP/2', () => {
	let handle: (exchange: Exchange) => void;
	let session: ClientHttp2Session;
	let authority: string;
	let stop: () => void;
	let warnings: string[];
	let errors: unknown[];

	const warned = (warning: Error) => void warnings.push(warning.message);

	beforeEach(async () => {
		[warnings, errors] = [[], []];
		process.on('warning', warned);
		const engine = new NodeEngine(
			{},
			{
				request: (exchange) => handle(exchange),
				upgrade() {},
				error: (error) => void errors.push(error)
			}
		);
		const server = createServer((req, res) =>
			engine.receive(req as unknown as IncomingMessage, res as unknown as ServerResponse)
		).listen(0, '127.0.0.1');
		await once(server, 'listening');
		authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
		session = connect(`http://${authority}`);
		stop = () => {
			session.destroy();
			server.close();
		};
	});

	afterEach(() => {
		stop();
		process.off('warning', warned);
		expect(warnings).toEqual([]);
		expect(errors).toEqual([]);
	});

	async function ask(headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
		const stream = session.request(headers, { endStream: body === undefined });
		if (body !== undefined) stream.end(body);
		const [received] = (await once(stream, 'response')) as [IncomingHttpHeaders];
		return {
			status: Number(received[':status']),
			headers: received,
			body: await text(stream.setEncoding('utf8'))
		};
	}

	/** Answers with what the app sees. */
	const show = (exchange: Exchange) =>
		void exchange.send({ status: 200, headers: [] }, Buffer.from(JSON.stringify(exchange.headers)));

	const echo = async (exchange: Exchange) => {
		const body = exchange.body();
		await exchange.send(
			{ status: 200, headers: [] },
			body === null ? null : body.stream.getReader()
		);
	};

	it('hand over the authority as the host, and no pseudo header', async () => {
		handle = show;
		const { body } = await ask({ ':path': '/', 'x-a': '1' });
		expect(JSON.parse(body)).toEqual([
			['host', authority],
			['x-a', '1']
		]);
	});

	it('have one host if the authority and the header host name the same', async () => {
		handle = show;
		for (const host of [authority, authority.toUpperCase()]) {
			const { status, body } = await ask({ ':authority': authority, host });
			expect([status, JSON.parse(body)]).toEqual([200, [['host', authority]]]);
		}
		const { body } = await ask({ ':authority': 'A.example', host: 'a.EXAMPLE' });
		expect(JSON.parse(body)).toEqual([['host', 'A.example']]);
	});

	it('are refused if the authority and the header host differ, and the connection lives on', async () => {
		handle = show;
		for (const host of ['b.example', `${authority}1`]) {
			expect(await ask({ ':authority': authority, host })).toMatchObject({ status: 400, body: '' });
		}
		expect((await ask({})).status).toBe(200);
	});

	it('have a cookie header, however many fields it came in', async () => {
		handle = (exchange) =>
			void exchange.send(
				{ status: 200, headers: [] },
				Buffer.from(new Headers(exchange.headers as [string, string][]).get('cookie') ?? '')
			);
		expect((await ask({ cookie: ['a=1', 'b=2'] })).body).toBe('a=1; b=2');
	});

	it('have a body whether it is announced or not', async () => {
		handle = (exchange) => void echo(exchange);
		const post = { ':method': 'POST' };
		expect((await ask({ ...post, 'content-length': 5 }, 'hello')).body).toBe('hello');
		expect((await ask(post, 'hello')).body).toBe('hello');
		expect((await ask(post, 'x'.repeat(300_000))).body).toBe('x'.repeat(300_000));
		expect((await ask(post, '')).body).toBe('');
	});

	it('have no body where they end with their head', async () => {
		handle = (exchange) =>
			void exchange.send({ status: exchange.body() === null ? 200 : 500, headers: [] }, null);
		expect((await ask({ ':method': 'POST' })).status).toBe(200);
		expect((await ask({ ':method': 'POST', 'content-length': 0 })).status).toBe(200);
		expect((await ask({})).status).toBe(200);
	});

	it('are answered without the headers that only HTTP/1.1 has', async () => {
		const headers: [string, string][] = [
			['connection', 'close'],
			['keep-alive', 'timeout=5'],
			['Upgrade', 'websocket'],
			['proxy-connection', 'keep-alive'],
			['transfer-encoding', 'chunked'],
			['http2-settings', 'x'],
			['x-a', '1'],
			['set-cookie', 'a=1'],
			['set-cookie', 'b=2']
		];
		handle = (exchange) => void exchange.send({ status: 426, headers }, Buffer.from('upgrade'));
		const answer = await ask({});
		expect(answer).toMatchObject({ status: 426, body: 'upgrade' });
		expect(answer.headers).toMatchObject({
			'x-a': '1',
			'set-cookie': ['a=1', 'b=2'],
			'content-length': '7'
		});
		expect(Object.keys(answer.headers).toSorted()).toEqual(
			[':status', 'content-length', 'date', 'set-cookie', 'x-a'].toSorted()
		);
	});

	it.each([200, 204, 304, 205])('are answered %i, as often as they come', async (status) => {
		handle = (exchange) => void exchange.send({ status, headers: [['etag', '"a"']] }, null);
		for (let count = 0; count < 3; count += 1) {
			const answer = await ask({});
			expect([answer.status, answer.headers['etag'], answer.body]).toEqual([status, '"a"', '']);
		}
	});

	it('are answered with a head alone where they ask for that', async () => {
		const head = { status: 200, headers: [['content-length', '10']] as [string, string][] };
		handle = (exchange) => void exchange.send(head, Buffer.from('never sent'));
		const answer = await ask({ ':method': 'HEAD' });
		expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '10' }, body: '' });
	});

	it('get a stream chunk by chunk, and a large one whole', async () => {
		const next = Promise.withResolvers<void>();
		const chunks = [Buffer.from('first'), Buffer.alloc(5_000_000, 'x')];
		handle = (exchange) => {
			let index = 0;
			const source = {
				async read() {
					if (index === 1) await next.promise;
					const value = chunks[index++];
					return value ? { done: false as const, value } : { done: true as const };
				},
				cancel: () => Promise.resolve()
			};
			void exchange.send({ status: 200, headers: [] }, source);
		};
		const stream = session.request({});
		const [first] = (await once(stream, 'data')) as [Buffer];
		expect(first.toString()).toBe('first');
		next.resolve();
		expect((await text(stream)).length).toBe(5_000_000);
	});

	it('are not taken for left when they were answered to the end', async () => {
		const aborted: string[] = [];
		let count = 0;
		handle = (exchange) => {
			count += 1;
			exchange.onAbort(() => aborted.push(exchange.target));
			const body = exchange.target === '/none' ? null : Buffer.alloc(100_000);
			void exchange.send({ status: exchange.target === '/none' ? 204 : 200, headers: [] }, body);
		};
		await ask({ ':path': '/none' });
		await ask({ ':path': '/some' });
		await ask({ ':path': '/head', ':method': 'HEAD' });
		await ask({ ':path': '/posted', ':method': 'POST' }, 'body');
		session.close();
		await once(session, 'close');
		expect([count, aborted]).toEqual([4, []]);
	});

	it.each(['of the stream', 'of the whole connection'])(
		'that are left are told to the app, and their streams cancelled: by an end %s',
		async (kind) => {
			const cancelled = Promise.withResolvers<void>();
			const answered = Promise.withResolvers<Exchange>();
			let aborts = 0;
			handle = (exchange) => {
				exchange.onAbort(() => (aborts += 1));
				let isFirst = true;
				const source = {
					read() {
						if (!isFirst) return cancelled.promise.then(() => ({ done: true as const }));
						isFirst = false;
						return Promise.resolve({ done: false as const, value: Buffer.from('first') });
					},
					cancel: () => Promise.resolve(cancelled.resolve())
				};
				void exchange
					.send({ status: 200, headers: [] }, source)
					.then(() => answered.resolve(exchange));
			};
			const stream = session.request({});
			stream.on('error', () => {});
			await once(stream, 'data');
			if (kind === 'of the stream') stream.close(constants.NGHTTP2_CANCEL);
			else session.destroy();
			const exchange = await answered.promise;
			expect([exchange.aborted, aborts]).toEqual([true, 1]);
			expect(typeof exchange.address).toBe('string');
		}
	);

	it('that are left before they are answered fail their body', async () => {
		const failed = Promise.withResolvers<unknown>();
		const started = Promise.withResolvers<void>();
		handle = (exchange) => {
			const reader = exchange.body()?.stream.getReader();
			const read = async (): Promise<void> => {
				await reader?.read();
				started.resolve();
				await reader?.read();
			};
			read().catch(failed.resolve);
		};
		const stream = session.request({ ':method': 'POST' }, { endStream: false });
		stream.on('error', () => {});
		stream.write('part');
		await started.promise;
		session.destroy();
		expect(await failed.promise).toBeInstanceOf(Error);
	});

	it('are answered 500 when a stream fails before its first byte, and cut after it', async () => {
		handle = (exchange) => {
			let isFirst = exchange.target === '/late';
			const source = {
				read() {
					if (!isFirst) return Promise.reject(new Error('broken'));
					isFirst = false;
					return Promise.resolve({ done: false as const, value: Buffer.from('first') });
				},
				cancel: () => Promise.resolve()
			};
			void exchange.send({ status: 200, headers: [['x-a', '1']] }, source).catch(() => {});
		};
		const answer = await ask({ ':path': '/early' });
		expect(answer).toMatchObject({ status: 500, body: 'Internal Server Error' });
		expect(answer.headers['x-a']).toBeUndefined();
		const late = session.request({ ':path': '/late' });
		await expect(text(late)).rejects.toThrow();
	});

	it('to open a WebSocket, which HTTP/2 does in a way of its own, are refused without harm', async () => {
		handle = show;
		const stream = session.request({ ':method': 'CONNECT', ':authority': authority });
		const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
		expect(headers[':status']).toBe(405);
		expect((await ask({})).status).toBe(200);
	});
});
