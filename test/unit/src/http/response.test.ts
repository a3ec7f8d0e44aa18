import { describe, expect, it } from 'vitest';
import { bodyOf, headOf } from '../../../../src/server/http/response.ts';
import { bytes, sourceOf, text } from '../../support/streams.ts';

/** The text of a body that is sent at once, with its length. */
async function wholeOf(response: Response): Promise<string> {
	const body = await bodyOf(response);
	expect(body).toBeInstanceOf(Uint8Array);
	return text(body as Uint8Array);
}

/** A response whose stream is in the hand of the test. */
function streamed(init?: ResponseInit): {
	response: Response;
	controller: ReadableStreamDefaultController<unknown>;
	cancelled: Promise<unknown>;
} {
	const cancelled = Promise.withResolvers<unknown>();
	let controller: ReadableStreamDefaultController<unknown> | undefined;
	const stream = new ReadableStream<unknown>({
		start: (given) => {
			controller = given;
		},
		cancel: (reason) => cancelled.resolve(reason)
	});
	if (controller === undefined) throw new Error('A stream starts at once');
	const response = new Response(stream as ReadableStream<Uint8Array>, init);
	return { response, controller, cancelled: cancelled.promise };
}

describe('the head', () => {
	it('has the status and every header, cookies apart', () => {
		const response = new Response('x', { status: 418, headers: { 'x-a': '1' } });
		response.headers.append('set-cookie', 'a=1');
		response.headers.append('set-cookie', 'b=2, c');
		const head = headOf(response);
		expect(head.status).toBe(418);
		expect([...head.headers]).toEqual([
			['content-type', 'text/plain;charset=UTF-8'],
			['set-cookie', 'a=1'],
			['set-cookie', 'b=2, c'],
			['x-a', '1']
		]);
	});
});

describe('a body that is known at once', () => {
	it.each<[string, () => ConstructorParameters<typeof Response>[0], string]>([
		['a string', () => 'hello é', 'hello é'],
		['an empty string', () => '', ''],
		['bytes', () => new Uint8Array([104, 105]), 'hi'],
		['empty bytes', () => new Uint8Array(0), ''],
		['an ArrayBuffer', () => new Uint8Array([104, 105]).buffer, 'hi'],
		['a blob', () => new Blob(['hello']), 'hello'],
		['an empty blob', () => new Blob([]), ''],
		['search params', () => new URLSearchParams({ a: '1' }), 'a=1'],
		['a large string', () => 'x'.repeat(300_000), 'x'.repeat(300_000)]
	])('is sent with its length: %s', async (_, body, expected) => {
		expect(await wholeOf(new Response(body()))).toBe(expected);
	});

	it('is sent with its length when it comes from json()', async () => {
		expect(await wholeOf(Response.json({ a: 1 }))).toBe('{"a":1}');
	});

	it('is sent with its length when it is a clone', async () => {
		expect(await wholeOf(new Response('hello').clone())).toBe('hello');
	});

	it('is sent with its length when it is a stream of one chunk that has ended', async () => {
		const { response, controller } = streamed();
		controller.enqueue(bytes('all'));
		controller.close();
		expect(await wholeOf(response)).toBe('all');
	});

	it('is none where the response has none', async () => {
		expect(await bodyOf(new Response(null, { status: 204 }))).toBeNull();
		expect(await bodyOf(new Response(undefined))).toBeNull();
	});

	it('says what is wrong where somebody has read it already', async () => {
		const response = new Response('hello');
		response.body?.getReader();
		expect(await wholeOf(response)).toBe(
			'Fatal error: Response body is locked. ' +
				"This can happen when the response was already read (for example through 'response.json()' or 'response.text()')."
		);
	});
});

describe('a body that streams', () => {
	it('is given chunk by chunk, each as it comes', async () => {
		const { response, controller } = streamed();
		const source = sourceOf(await bodyOf(response));
		for (const chunk of ['one', 'two', 'three']) {
			controller.enqueue(bytes(chunk));
			const { value } = await source.read();
			expect(text(value as Uint8Array)).toBe(chunk);
		}
		controller.close();
		expect(await source.read()).toMatchObject({ done: true });
	});

	it('loses nothing of what was there before it was asked for', async () => {
		const { response, controller } = streamed();
		controller.enqueue(bytes('one'));
		controller.enqueue(bytes('two'));
		const source = sourceOf(await bodyOf(response));
		controller.enqueue(bytes('three'));
		controller.close();
		const read: string[] = [];
		for (let next = await source.read(); !next.done; next = await source.read()) {
			read.push(text(next.value));
		}
		expect(read).toEqual(['one', 'two', 'three']);
	});

	it('keeps nobody waiting for its first chunk', async () => {
		const { response } = streamed();
		expect(headOf(response).status).toBe(200);
	});

	it('gives its first chunk before there is a second one', async () => {
		const { response, controller } = streamed();
		controller.enqueue(bytes('one'));
		const source = sourceOf(await bodyOf(response));
		const { value } = await source.read();
		expect(text(value as Uint8Array)).toBe('one');
	});

	it('fails where its stream fails, after what came before', async () => {
		const { response, controller } = streamed();
		controller.enqueue(bytes('one'));
		const source = sourceOf(await bodyOf(response));
		expect(await source.read()).toMatchObject({ done: false });
		controller.error(new Error('it broke'));
		await expect(source.read()).rejects.toThrow('it broke');
	});

	it('fails where its stream has failed from the start', async () => {
		const { response, controller } = streamed();
		controller.error(new Error('it broke'));
		const source = sourceOf(await bodyOf(response));
		await expect(source.read()).rejects.toThrow('it broke');
	});

	it('is cancelled with the reason when nobody wants it any more', async () => {
		const { response, cancelled } = streamed();
		const source = sourceOf(await bodyOf(response));
		await source.cancel('the client left');
		expect(await cancelled).toBe('the client left');
	});

	it('ends for a read that waits when it is cancelled', async () => {
		const { response } = streamed();
		const source = sourceOf(await bodyOf(response));
		const read = source.read();
		await source.cancel();
		expect(await read).toMatchObject({ done: true });
	});

	// `res.write` of adapter-node takes strings, and apps stream them.
	it('gives the bytes of chunks that are strings', async () => {
		const { response, controller } = streamed();
		const source = sourceOf(await bodyOf(response));
		controller.enqueue('data: é\n\n');
		const { value } = await source.read();
		expect(value).toBeInstanceOf(Uint8Array);
		expect(text(value as Uint8Array)).toBe('data: é\n\n');
	});
});
