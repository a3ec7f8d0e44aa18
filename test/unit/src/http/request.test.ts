import { SvelteKitError } from '@sveltejs/kit/internal';
import { describe, expect, it } from 'vitest';
import { RequestFactory } from '../../../../src/server/http/request.ts';
import { thrown } from '../../support/errors.ts';
import { FakeExchange, type Asked } from '../../support/exchange.ts';
import { streamOf } from '../../support/streams.ts';

interface How {
	limit?: number;
	origin?: string;
	controller?: AbortController;
}

const upload = (
	body: ReadableStream<Uint8Array> | null,
	headers: Record<string, string> = {}
): Asked => ({
	method: 'POST',
	headers,
	body
});

const sized = (body: string): Asked =>
	upload(streamOf(body), { 'content-length': String(body.length) });

const chunked = (...chunks: string[]): Asked =>
	upload(streamOf(...chunks), { 'transfer-encoding': 'chunked' });

describe.each([
	['made as far as it is asked for', true],
	['made at once', false]
])('%s', (kind, isFast) => {
	const factory = new RequestFactory(isFast);

	function request(asked: Asked, how: How = {}): Request {
		return factory.create(new FakeExchange(asked), {
			origin: how.origin ?? 'https://example.com',
			bodySizeLimit: how.limit ?? 10,
			controller: how.controller
		});
	}

	async function refusal(asked: Asked, limit: number): Promise<unknown> {
		return request(asked, { limit })
			.arrayBuffer()
			.catch((error: unknown) => error);
	}

	describe(`a request of the app, ${kind}`, () => {
		it('has the method, the URL and the headers', () => {
			const made = request({
				method: 'PATCH',
				target: '/a%20b/../c?x=%20&y',
				headers: [
					['accept', 'a'],
					['accept', 'b']
				]
			});
			expect(made.method).toBe('PATCH');
			expect(made.url).toBe('https://example.com/c?x=%20&y');
			expect(made.headers.get('accept')).toBe('a, b');
		});

		it('is for the origin alone where the target is a star', () => {
			const made = request({ method: 'OPTIONS', target: '*' });
			expect([made.method, made.url]).toEqual(['OPTIONS', 'https://example.com/']);
		});

		it('stays on its origin, whatever the target is', () => {
			for (const target of ['//evil.example/', '/\\evil.example', '/@evil.example', '/:80']) {
				expect(new URL(request({ target }).url).origin).toBe('https://example.com');
			}
		});

		it('has a signal that knows of a client who has left before anybody has asked for it', () => {
			const exchange = new FakeExchange({});
			const made = factory.create(exchange, { origin: 'https://example.com', bodySizeLimit: 10 });
			exchange.cut('gone');
			expect([made.signal.aborted, made.signal.reason]).toEqual([true, 'gone']);
		});

		it('aborts when the given signal does', () => {
			const controller = new AbortController();
			const { signal } = request({}, { controller });
			expect(signal.aborted).toBe(false);
			controller.abort();
			expect(signal.aborted).toBe(true);
		});

		it.each([
			['a host that is none', { origin: 'https://a b' }, {}],
			['a port that is none', { origin: 'https://example.com:99999' }, {}],
			['a method that fetch forbids', {}, { method: 'TRACE' }],
			['a method that is no token', {}, { method: 'G(T' }],
			['a target that names a user', {}, { target: '@evil.example/' }],
			['a target that names a user and a password', {}, { target: ':a@evil.example/' }],
			['a header with a NUL', {}, { headers: { 'x-name': 'a\u0000b' } }]
		] satisfies [string, How, Asked][])('throws a TypeError for %s', (_, how, asked) => {
			expect(thrown(() => request(asked, how))).toBeInstanceOf(TypeError);
		});
	});

	describe(`the body of a request, ${kind}`, () => {
		it.each(['GET', 'HEAD'])('is none for %s', (method) => {
			expect(request({ ...sized('hello'), method }).body).toBeNull();
		});

		it('is none where the engine has none', () => {
			expect(request(upload(null)).body).toBeNull();
			expect(request(upload(null, { 'content-length': '0' }), { limit: 0 }).body).toBeNull();
		});

		it('is what was sent', async () => {
			expect(await request(sized('hello')).text()).toBe('hello');
			expect(await request(chunked('hel', 'lo')).text()).toBe('hello');
			expect(await request({ ...sized('hello'), method: 'DELETE' }).text()).toBe('hello');
		});

		it('may be as large as the limit', async () => {
			expect(await request(sized('0123456789'), { limit: 10 }).text()).toBe('0123456789');
			expect(await request(chunked('01234', '56789'), { limit: 10 }).text()).toBe('0123456789');
		});

		it('has no limit where the limit is infinite', async () => {
			const large = 'x'.repeat(1_000_000);
			expect(await request(sized(large), { limit: Infinity }).text()).toBe(large);
			expect(await request(chunked(large, large), { limit: Infinity }).text()).toBe(large + large);
		});

		it('is refused with 413 by its length, before a byte of it is read', async () => {
			const error = await refusal({ ...sized('01234567890') }, 10);
			expect(error).toBeInstanceOf(SvelteKitError);
			expect(error).toMatchObject({
				status: 413,
				text: 'Payload Too Large',
				message: 'Content-length of 11 exceeds limit of 10 bytes.'
			});
		});

		it('is refused with 413 while it streams', async () => {
			const error = await refusal(chunked('012345', '67890'), 10);
			expect(error).toBeInstanceOf(SvelteKitError);
			expect(error).toMatchObject({
				status: 413,
				text: 'Payload Too Large',
				message: 'request body size exceeded BODY_SIZE_LIMIT of 10'
			});
		});

		it('is refused with any length where the limit is 0', async () => {
			expect(await refusal(sized('x'), 0)).toMatchObject({ status: 413 });
			expect(await refusal(chunked('x'), 0)).toMatchObject({ status: 413 });
		});

		it('gives what came before the limit was passed, and then fails', async () => {
			const reader = request(chunked('012345', '67890'), { limit: 10 }).body?.getReader();
			const first = await reader?.read();
			expect(new TextDecoder().decode(first?.value)).toBe('012345');
			await expect(reader?.read()).rejects.toMatchObject({ status: 413 });
		});

		it('tells the engine to stop when the limit is passed', async () => {
			const cancelled = Promise.withResolvers<unknown>();
			const endless = new ReadableStream<Uint8Array>({
				pull: (controller) => controller.enqueue(new Uint8Array(8)),
				cancel: (reason) => cancelled.resolve(reason)
			});
			expect(await refusal(upload(endless, { 'transfer-encoding': 'chunked' }), 10)).toMatchObject({
				status: 413
			});
			expect(await cancelled.promise).toMatchObject({ status: 413 });
		});

		it('is read no faster than the app reads it', async () => {
			let given = 0;
			const source = new ReadableStream<Uint8Array>(
				{
					pull(controller) {
						given += 1;
						controller.enqueue(new Uint8Array(1));
					}
				},
				{ highWaterMark: 0 }
			);
			const made = request(upload(source, { 'transfer-encoding': 'chunked' }), { limit: 1000 });
			await new Promise((resolve) => setImmediate(resolve));
			expect(given).toBeLessThan(5);
			await made.body?.cancel();
		});

		it('fails when that of the engine does', async () => {
			const failing = new ReadableStream<Uint8Array>({
				start: (controller) => controller.error(new Error('the client left'))
			});
			const made = request(upload(failing, { 'transfer-encoding': 'chunked' }));
			await expect(made.text()).rejects.toThrow('the client left');
		});
	});
});

describe('a request that the engine has made', () => {
	const made = new Request('https://example.com/made');
	const exchange = () =>
		Object.assign(new FakeExchange({ target: '/made' }), { request: () => made });
	const options = { origin: 'https://example.com', bodySizeLimit: 10 };

	it('is taken as it is', () => {
		expect(new RequestFactory(true).create(exchange(), options)).toBe(made);
	});

	it('is not taken where it is to have a signal of its own, or no shortcuts are wanted', () => {
		const controller = new AbortController();
		expect(new RequestFactory(true).create(exchange(), { ...options, controller })).not.toBe(made);
		expect(new RequestFactory(false).create(exchange(), options)).not.toBe(made);
	});
});
