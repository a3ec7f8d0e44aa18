import { describe, expect, it } from 'vitest';
import { WholeBodies } from '../../../../src/server/http/whole-body.ts';

const bodies = new WholeBodies(Response);

/** What stands before a response, and lets everything else through. */
const showsNoBody: ProxyHandler<Response> = {
	get: (target, name) => (name === 'body' ? null : (Reflect.get(target, name) as unknown))
};

it('is there on Node 22, where nothing below may be left out', () => {
	if (process.versions.node.startsWith('22.'))
		expect(bodies.find(new Response('x')) !== undefined).toBe(true);
});

/** Node 24 shows nobody what a response was made of. */
describe.runIf(bodies.find(new Response('x')) !== undefined)('what a response was made of', () => {
	it.each<[string, () => Response, string]>([
		['a text', () => new Response('hello \u00e9'), 'hello \u00e9'],
		['an empty text', () => new Response(''), ''],
		['search params', () => new Response(new URLSearchParams({ a: 'b c' })), 'a=b+c'],
		['a text with half a character', () => new Response('a\ud800'), 'a\ufffd'],
		['a clone', () => new Response('hello').clone(), 'hello']
	])('is found: %s', (_, make, text) => {
		expect(bodies.find(make())).toBe(text);
	});

	it('is found where it was bytes, as they were then', () => {
		const bytes = new Uint8Array([1, 2, 3, 4]);
		const responses = [
			new Response(bytes),
			new Response(bytes.buffer),
			new Response(new DataView(bytes.buffer))
		];
		bytes.fill(9);
		for (const response of responses)
			expect([...(bodies.find(response) ?? [])]).toEqual([1, 2, 3, 4]);
	});

	it('is found of one that was cloned', () => {
		const response = new Response('hello');
		response.clone();
		expect(bodies.find(response)).toBe('hello');
	});

	it('is not looked for where it went to the reader of a clone, and does not go there any more', async () => {
		const read = Response.json([1]);
		expect(await read.clone().text()).toBe('[1]');
		expect(bodies.find(read)).toBeUndefined();
		const found = Response.json([1]);
		const body = bodies.find(found);
		expect(await found.clone().text()).toBe('[1]');
		expect(body).toEqual(new Uint8Array(Buffer.from('[1]')));
	});

	it('is not looked for where there is none, a stream, a blob or a form', () => {
		const stream = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
		for (const body of [null, stream, new Blob(['x']), new FormData()])
			expect(bodies.find(new Response(body))).toBeUndefined();
	});

	it('is not looked for where somebody has begun to read', async () => {
		const used = new Response('x');
		await used.text();
		const locked = new Response('x');
		const reader = locked.body?.getReader();
		const begun = new Response('x');
		const other = begun.body?.getReader();
		await other?.read();
		other?.releaseLock();
		for (const response of [used, locked, begun]) expect(bodies.find(response)).toBeUndefined();
		await reader?.cancel();
	});

	it('is not looked for where a response shows another body than its own', () => {
		class Mine extends Response {}
		Object.defineProperty(Mine.prototype, 'body', { get: () => null });
		const changed = Object.defineProperty(new Response('x'), 'body', { value: null });
		const proxy = new Proxy(new Response('x'), showsNoBody);
		for (const response of [new Mine('x'), changed, proxy])
			expect(bodies.find(response)).toBeUndefined();
	});
});

describe('where responses do not show what they were made of', () => {
	it('nothing is found', () => {
		class Hidden {
			readonly #body = 'x';
			get body(): string {
				return this.#body;
			}
		}
		const hidden = new WholeBodies(Hidden as unknown as typeof Response);
		expect(hidden.find(new Hidden() as unknown as Response)).toBeUndefined();
	});
});
