import { describe, expect, it } from 'vitest';
import { Responses } from '../../../../../src/server/engine/bun/responses.ts';

/** A `Response` that says nothing of the type of a text, as that of Bun. */
class Silent extends Response {
	constructor(body?: ConstructorParameters<typeof Response>[0], init?: ResponseInit) {
		super(typeof body === 'string' ? new TextEncoder().encode(body) : body, init);
	}
}

function watched() {
	const globals: { Response: typeof Response } = { Response: Silent };
	return { globals, responses: new Responses(globals) };
}

describe('the responses of an app on Bun', () => {
	it.each<[string, ConstructorParameters<typeof Response>[0], number]>([
		['a text', 'hello', 5],
		['bytes', new Uint8Array(3), 3],
		['a buffer', new ArrayBuffer(4), 4],
		['nothing', null, 0],
		['nothing said', undefined, 0]
	])('are whole where their body is %s', (_, body, length) => {
		const { globals, responses } = watched();
		expect(responses.lengthOf(new globals.Response(body))).toBe(length);
	});

	it('are not whole where their body is a stream, or nobody knows', () => {
		const { globals, responses } = watched();
		expect(responses.lengthOf(new globals.Response(new ReadableStream()))).toBeUndefined();
		expect(responses.lengthOf(new globals.Response(new Blob(['a'])))).toBeUndefined();
		expect(responses.lengthOf(new Silent('made before'))).toBeUndefined();
	});

	it('are not whole any more once somebody has read them', async () => {
		const { globals, responses } = watched();
		const response = new globals.Response('hello');
		await response.text();
		expect(responses.lengthOf(response)).toBeUndefined();
	});

	it('say that a text is one, unless the app says what it is', () => {
		const { Response } = watched().globals;
		const type = (response: Response) => response.headers.get('content-type');
		expect(type(new Response('hello'))).toBe('text/plain;charset=UTF-8');
		expect(type(new Response('{}', { headers: { 'content-type': 'a/b' } }))).toBe('a/b');
		expect(type(new Response(new Uint8Array(1)))).toBeNull();
		expect(type(new Response(null))).toBeNull();
	});

	it('of JSON say so without a charset, unless the app says what they are, and are whole', async () => {
		const { globals, responses } = watched();
		const plain = globals.Response.json({ a: 'gr\u00fc\u00df' }, { status: 201 });
		expect([plain.status, plain.headers.get('content-type')]).toEqual([201, 'application/json']);
		expect(responses.lengthOf(plain)).toBeGreaterThan(0);
		expect(await plain.json()).toEqual({ a: 'gr\u00fc\u00df' });
		const own = globals.Response.json([], { headers: { 'Content-Type': 'application/ld+json' } });
		expect(own.headers.get('content-type')).toBe('application/ld+json');
		expect(() => globals.Response.json(undefined)).toThrow(TypeError);
	});

	it.each([204, 205, 304])(
		'cannot have a body with status %i, as the standard wants it',
		(status) => {
			const { Response } = watched().globals;
			expect(() => new Response('', { status })).toThrow(TypeError);
			expect(new Response(null, { status }).status).toBe(status);
		}
	);

	it('are of the class that they were of, and of their own', () => {
		const { globals } = watched();
		class Own extends globals.Response {}
		expect(new globals.Response()).toBeInstanceOf(globals.Response);
		expect(new globals.Response()).toBeInstanceOf(Silent);
		expect(new Silent()).toBeInstanceOf(globals.Response);
		expect(new Own('own')).toBeInstanceOf(Own);
		expect(globals.Response.json({})).toBeInstanceOf(Response);
	});

	it('are let go, unless somebody else stands before them by then', () => {
		const one = watched();
		one.responses.restore();
		expect(one.globals.Response).toBe(Silent);
		const two = watched();
		const other = class extends two.globals.Response {};
		two.globals.Response = other;
		two.responses.restore();
		expect(two.globals.Response).toBe(other);
	});
});
