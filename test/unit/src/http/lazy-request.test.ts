import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
	lazyRequests,
	type CreateRequest,
	type RequestSource
} from '../../../../src/server/http/lazy-request.ts';
import { bytes, streamOf } from '../../support/streams.ts';

const url = 'https://example.com/a?b';

/** What a request is made of, and whether a real one was made of it. */
function sourceOf(text?: string, given: Partial<RequestSource> = {}): RequestSource {
	return {
		method: text === undefined ? 'GET' : 'POST',
		url,
		headers: new Headers({ 'content-type': 'text/plain', a: '1' }),
		body:
			text === undefined
				? null
				: { stream: () => streamOf(text), bytes: () => Promise.resolve(bytes(text)) },
		signal: new AbortController().signal,
		...given
	};
}

class CountedRequest extends Request {
	static count = 0;

	constructor(...args: ConstructorParameters<typeof Request>) {
		super(...args);
		CountedRequest.count += 1;
	}
}

const create = lazyRequests(Request);

it('is there on Node 22, where nothing below may be left out', () => {
	if (process.versions.node.startsWith('22.')) expect(create !== undefined).toBe(true);
});

/** Node 24 keeps requests in private fields. */
describe.runIf(create !== undefined)('a request that is made as far as it is asked for', () => {
	const lazy = (text?: string, given?: Partial<RequestSource>) =>
		(create as CreateRequest)(sourceOf(text, given));

	it('is to everybody a request of Node', () => {
		const request = lazy();
		const real = new Request(url, { headers: request.headers });
		expect(request).toBeInstanceOf(Request);
		expect(request.constructor).toBe(Request);
		expect(Object.prototype.toString.call(request)).toBe('[object Request]');
		expect(inspect(request)).toBe(inspect(real));
		expect([Object.keys(request), JSON.stringify(request)]).toEqual([[], '{}']);
		for (const name in real) {
			const key = name as keyof Request;
			if (key === 'signal' || key === 'headers' || typeof real[key] === 'function') continue;
			expect([key, request[key]]).toEqual([key, real[key]]);
		}
	});

	it('makes no other for what it knows, and one for everything else', async () => {
		const counted = lazyRequests(CountedRequest) as CreateRequest;
		CountedRequest.count = 0;
		const request = counted(sourceOf('text'));
		void [request.method, request.url, request.headers, request.signal, request.bodyUsed];
		await request.text();
		expect(CountedRequest.count).toBe(0);
		void [request.mode, request.cache, request.body];
		expect(CountedRequest.count).toBe(1);
	});

	it('can be copied, with the headers that it has by then', async () => {
		const request = lazy('text');
		request.headers.set('b', '2');
		void request.mode;
		request.headers.delete('a');
		request.headers.append('set-cookie', 'x');
		request.headers.append('set-cookie', 'y');
		const copies = [request.clone(), new Request(request)];
		for (const copy of copies) {
			expect([...copy.headers]).toEqual([...request.headers]);
			expect(await copy.text()).toBe('text');
		}
	});

	it('gives its body once, in whichever way', async () => {
		const ways = ['text', 'json', 'arrayBuffer', 'blob', 'formData'] as const;
		for (const first of ['text', 'json'] as const) {
			for (const second of ways) {
				const request = lazy('"x"');
				expect(await request[first]()).toBe(first === 'json' ? 'x' : '"x"');
				expect(request.bodyUsed).toBe(true);
				await expect(request[second]()).rejects.toThrow('Body is unusable');
				expect(request.body?.locked).toBe(true);
				expect(() => request.clone()).toThrow(TypeError);
				expect(() => new Request(request)).toThrow(TypeError);
			}
		}
	});

	it('is used while its body is on its way', async () => {
		const { promise, resolve } = Promise.withResolvers<Uint8Array>();
		const request = lazy('x', { body: { stream: () => streamOf('x'), bytes: () => promise } });
		const text = request.text();
		expect(request.bodyUsed).toBe(true);
		await expect(request.text()).rejects.toThrow('Body is unusable');
		resolve(bytes('late'));
		expect(await text).toBe('late');
	});

	it('reads what was begun as a stream as a stream', async () => {
		const request = lazy('text');
		const reader = request.body?.getReader();
		await expect(request.text()).rejects.toThrow('Body is unusable');
		expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('text');
	});

	it('reads as a stream what cannot be had at once', async () => {
		const request = lazy('x', { body: { stream: () => streamOf('{"a":', '1}') } });
		expect(await request.json()).toEqual({ a: 1 });
	});

	it('says of a body that is no JSON what Node says, and takes the mark of its order away', async () => {
		const wrong = await lazy('{').json().catch(String);
		const real = new Request(url, { method: 'POST', body: '{' });
		expect(wrong).toBe(await real.json().catch(String));
		expect(await lazy('\ufeff{}').json()).toEqual({});
	});

	it('passes for what it is behind a Proxy, as a prototype and to what extends Request', async () => {
		const proxy = new Proxy(lazy('text'), {});
		expect([proxy.url, proxy.mode, await proxy.text()]).toEqual([url, 'cors', 'text']);
		const child = Object.create(lazy('text')) as Request;
		expect([child.url, child.mode, await child.text()]).toEqual([url, 'cors', 'text']);
		expect(new CountedRequest(lazy()).url).toBe(url);
		const { get } = Object.getOwnPropertyDescriptor(Request.prototype, 'url') ?? {};
		expect(get?.call(lazy())).toBe(url);
	});

	it('says what a request of Node says where its methods are called alone, or it is to be cloned as data', async () => {
		const { text, json, clone } = lazy('{}');
		expect(clone).toThrow('Illegal invocation');
		for (const method of [text, json]) await expect(method()).rejects.toThrow('Illegal invocation');
		expect(() => structuredClone(lazy())).toThrow('Cannot clone object of unsupported type.');
	});

	it('has one signal, which those that are made of it follow', () => {
		const controller = new AbortController();
		const request = lazy(undefined, { signal: controller.signal });
		const copy = new Request(request);
		const clone = request.clone();
		const second = clone.clone();
		expect(request.signal).toBe(request.signal);
		controller.abort('gone');
		const reasons = [request, copy, clone, second].map(({ signal }) => signal.reason as unknown);
		expect(reasons).toEqual(['gone', 'gone', 'gone', 'gone']);
	});
});

describe('where a request cannot be made so', () => {
	it('nothing is made', () => {
		class Hidden {
			readonly #url = url;
			get url(): string {
				return this.#url;
			}
		}
		expect(lazyRequests(Hidden as unknown as typeof Request)).toBeUndefined();
	});

	it('nothing is made of one that only looks as if it could be', () => {
		class Strict extends Request {
			constructor(...[input, init]: ConstructorParameters<typeof Request>) {
				if (typeof input === 'object' && Object.getPrototypeOf(input) !== Strict.prototype)
					throw new TypeError('Not one of mine');
				super(input, init);
			}
		}
		expect(lazyRequests(Strict)).toBeUndefined();
	});
});
