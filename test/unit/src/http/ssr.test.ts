import { describe, expect, it } from 'vitest';
import { Ssr, type SsrOptions } from '../../../../src/server/http/ssr.ts';
import { FakeExchange, type Asked } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';
import { isWhole, text } from '../../support/streams.ts';

type Respond = SsrOptions['respond'];

/** The app's own answers, where Kit answers with `respond`. */
function create(respond: Respond, options: Partial<SsrOptions> = {}) {
	const log = new FakeLog();
	const ssr = new Ssr({
		respond,
		origin: { pinned: undefined, protocolHeader: '', hostHeader: '', portHeader: '' },
		address: { header: '', variable: 'ADDRESS_HEADER', depthVariable: 'XFF_DEPTH', xffDepth: 1 },
		bodySizeLimit: 100,
		isFast: true,
		log,
		...options
	});
	return { ssr, log };
}

const asked = (more: Asked = {}) =>
	new FakeExchange({ headers: { host: 'example.com' }, target: '/page', ...more });

const answers = ({ sent }: FakeExchange) =>
	sent.map(({ head, body }) => [head.status, isWhole(body) ? text(body) : body]);

const hello: Respond = () => Promise.resolve(new Response('hello'));

describe('a request of the app', () => {
	it('is answered with what Kit responds', async () => {
		const exchange = asked();
		await create(hello).ssr.handle(exchange);
		expect(answers(exchange)).toEqual([[200, 'hello']]);
	});

	it('is answered by the engine itself where that takes an answer as it is, but for event streams', async () => {
		const whole: Response[] = [];
		const events = new Response('data: 1', { headers: { 'content-type': 'text/event-stream' } });
		for (const [response, takes] of [
			[new Response('hello'), true],
			[new Response('not taken'), false],
			[events, true]
		] as const) {
			const sendWhole = (each: Response) => {
				whole.push(each);
				return takes;
			};
			const exchange = Object.assign(asked(), { sendWhole });
			await create(() => Promise.resolve(response)).ssr.handle(exchange);
			expect(exchange.sent).toHaveLength(takes && response !== events ? 0 : 1);
			expect(whole.includes(response)).toBe(response !== events);
		}
	});

	it('reaches Kit with its URL, and with the exchange', async () => {
		const seen: unknown[] = [];
		const { ssr } = create((request, exchange) => {
			seen.push(request.url, exchange);
			return hello(request, exchange);
		});
		const exchange = asked();
		await ssr.handle(exchange);
		expect(seen).toEqual(['https://example.com/page', exchange]);
	});

	it('aborts its signal when the client leaves, and says why', async () => {
		const aborted = Promise.withResolvers<unknown>();
		const { ssr } = create(async ({ signal }) => {
			signal.addEventListener('abort', () => aborted.resolve(signal.reason));
			await aborted.promise;
			return new Response('too late');
		});
		const exchange = asked();
		const handled = ssr.handle(exchange);
		exchange.cut('over');
		expect(await aborted.promise).toBe('over');
		await handled;
	});

	it('of a page that differs from the app in its protocol only is explained when Kit refuses it', async () => {
		const variables = { protocol: 'PROTOCOL_HEADER', host: '', port: '', pinned: 'paths.origin' };
		const { ssr, log } = create(() => Promise.resolve(new Response('no', { status: 403 })), {
			origin: { pinned: undefined, protocolHeader: '', hostHeader: '', portHeader: '', variables }
		});
		const headers = { host: 'example.com', origin: 'http://example.com' };
		await ssr.handle(asked({ method: 'POST', headers }));
		expect(log.warnings).toMatchObject([
			{ value: 'page http://example.com, app https://example.com' }
		]);
	});

	it.each<[string, Asked]>([
		['it names no host', { headers: {} }],
		['its host makes no URL', { headers: { host: 'a b' } }],
		['its method cannot be one', { method: 'TRACE' }],
		['a header cannot be one', { headers: { host: 'a', 'x-a': 'b\u0000c' } }]
	])('is answered 400 if %s, and the log says why', async (_, more) => {
		const { ssr, log } = create(hello);
		const exchange = asked(more);
		await ssr.handle(exchange);
		expect(answers(exchange)).toEqual([[400, 'Bad Request']]);
		expect(log.errors).toEqual([]);
		expect(log.warnings).toEqual([
			{
				what: 'A request was answered 400',
				value: expect.stringMatching(/^(GET|TRACE) \/page$/),
				todo: expect.stringMatching(/^[A-Z].*\.$/)
			}
		]);
	});

	it('is answered 500 where Kit fails, and the log says why', async () => {
		const failure = new Error('secret');
		const { ssr, log } = create(() => Promise.reject(failure));
		const exchange = asked();
		await ssr.handle(exchange);
		expect(answers(exchange)).toEqual([[500, 'Internal Server Error']]);
		expect(log.errors).toEqual([{ what: 'GET /page failed', error: failure }]);
	});

	it('is answered once, though the answer fails on its way', async () => {
		const failure = new Error('the stream broke');
		const { ssr, log } = create(hello);
		const exchange = asked();
		const send = exchange.send.bind(exchange);
		exchange.send = async (head, body) => {
			await send(head, body);
			throw failure;
		};
		await ssr.handle(exchange);
		expect(exchange.sent).toHaveLength(1);
		expect(log.errors).toEqual([{ what: 'GET /page failed', error: failure }]);
	});
});

describe('what a proxy is told of a response', () => {
	const types = ['text/event-stream', 'text/event-stream; charset=utf-8', ' Text/Event-Stream'];

	async function namesOf(response: Response): Promise<string[][]> {
		const exchange = asked();
		await create(() => Promise.resolve(response)).ssr.handle(exchange);
		const [answer] = exchange.sent;
		return [...(answer?.head.headers ?? [])].map(([...pair]) => pair);
	}

	it.each(types)('is not to hold an event stream back: %s', async (type) => {
		const response = new Response('data: 1', { headers: { 'content-type': type } });
		expect(await namesOf(response)).toContainEqual(['x-accel-buffering', 'no']);
		expect(response.headers.has('x-accel-buffering')).toBe(false);
	});

	it.each(['text/plain', 'text/event-streams', 'x; text/event-stream'])(
		'is nothing of any other: %s',
		async (type) => {
			const response = new Response('x', { headers: { 'content-type': type } });
			expect((await namesOf(response)).flat()).not.toContain('x-accel-buffering');
		}
	);

	it('is what the app itself says of an event stream', async () => {
		const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'yes' };
		const names = await namesOf(new Response('data: 1', { headers }));
		expect(names.filter(([name]) => name === 'x-accel-buffering')).toEqual([
			['x-accel-buffering', 'yes']
		]);
	});
});

describe('an event stream', () => {
	const stream = () =>
		new Response('data: 1\n\n', { headers: { 'content-type': 'text/event-stream' } });

	it('is cut, whoever has asked for it', async () => {
		const { ssr } = create(() => Promise.resolve(stream()));
		const exchange = asked();
		const sending = Promise.withResolvers<void>();
		exchange.send = () => {
			sending.resolve();
			return new Promise(() => {});
		};
		const handled = ssr.handle(exchange);
		await sending.promise;
		ssr.cutEventStreams('over');
		await handled;
		expect(exchange.aborted).toBe(true);
	});

	it('is cut before Kit has answered, where nothing else can be the answer', async () => {
		const { ssr } = create(() => new Promise(() => {}));
		const exchange = asked({ headers: { host: 'example.com', accept: 'text/event-stream' } });
		const handled = ssr.handle(exchange);
		ssr.cutEventStreams('over');
		await handled;
		expect(exchange.aborted).toBe(true);
	});
});

/** The log of a client that leaves while this is sent to it. */
async function leave(response: Response): Promise<FakeLog> {
	const { ssr, log } = create(() => Promise.resolve(response));
	const exchange = asked();
	const send = exchange.send.bind(exchange);
	exchange.send = async (head, body) => {
		exchange.abort();
		await send(head, body);
	};
	await ssr.handle(exchange);
	return log;
}

describe('a client that leaves', () => {
	it('before its response was complete is worth a line', async () => {
		const log = await leave(new Response('hello'));
		expect(log.warnings).toEqual([
			{ what: 'A client left before its response was complete', value: 'GET /page' }
		]);
	});

	it('an event stream is nothing to speak of', async () => {
		const log = await leave(
			new Response('data: 1\n\n', { headers: { 'content-type': 'text/event-stream' } })
		);
		expect(log.warnings).toEqual([]);
	});
});

describe('clientAddress', () => {
	const proxied = {
		address: {
			header: 'x-real-ip',
			variable: 'ADDRESS_HEADER',
			depthVariable: 'XFF_DEPTH',
			xffDepth: 1
		}
	};

	it('is the one that the trusted proxy gives', () => {
		const exchange = asked({ headers: { 'x-real-ip': '1.1.1.1' }, address: '2.2.2.2' });
		expect(create(hello, proxied).ssr.clientAddress(exchange)).toBe('1.1.1.1');
	});

	it('is that of the connection where somebody went around the proxy', () => {
		expect(create(hello, proxied).ssr.clientAddress(asked({ address: '2.2.2.2' }))).toBe('2.2.2.2');
	});
});
