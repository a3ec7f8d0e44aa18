import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { LazyResponses, type ResponseGlobals } from '../../../../src/server/http/lazy-response.ts';

const Native = Response;
const globals: ResponseGlobals = { Response };
const responses = LazyResponses.stand(globals);
const { Response: Standing } = globals;

type Args = ConstructorParameters<typeof Response>;

/** What stands before a response, and lets everything else through. */
const showsNoBody: ProxyHandler<Response> = {
	get: (target, name) => (name === 'body' ? null : (Reflect.get(target, name) as unknown))
};

it('is there on Node 22, where nothing below may be left out', () => {
	if (process.versions.node.startsWith('22.')) expect(responses !== undefined).toBe(true);
});

/** Node 24 keeps responses in private fields. */
describe.runIf(responses !== undefined)('a response that becomes a real one when it has to', () => {
	const lazy = (...args: Args) => new Standing(...args);
	const find = (response: Response) => responses?.find(response);

	it.each<[string, Args]>([
		['a text', ['hello']],
		['an empty text', ['']],
		['half a character', ['a\ud800']],
		['bytes', [new Uint8Array([104, 105])]],
		['nothing', []],
		['null', [null, { status: 204 }]],
		['a status and headers', ['x', { status: 201, headers: { 'Content-Type': 'a/b', A: '1' } }]],
		[
			'pairs of headers',
			[
				'x',
				{
					headers: [
						['set-cookie', 'a'],
						['set-cookie', 'b']
					]
				}
			]
		]
	])('is to everybody a response of Node: of %s', async (_, args) => {
		const [response, real] = [lazy(...args), new Native(...args)];
		for (const type of [Native, Standing]) {
			expect(response).toBeInstanceOf(type);
			expect(real).toBeInstanceOf(type);
		}
		expect(Object.prototype.toString.call(response)).toBe('[object Response]');
		expect([...response.headers]).toEqual([...real.headers]);
		for (const key of [
			'status',
			'statusText',
			'ok',
			'type',
			'url',
			'redirected',
			'bodyUsed'
		] as const)
			expect([key, response[key]]).toEqual([key, real[key]]);
		expect(await response.clone().text()).toBe(await real.clone().text());
		expect(inspect(response)).toBe(inspect(real));
		expect(await response.text()).toBe(await real.text());
		expect([response.bodyUsed, response.body?.locked]).toEqual([real.bodyUsed, real.body?.locked]);
	});

	it('is found as what it was made of, until it is a real one', () => {
		expect(find(lazy('hello'))).toBe('hello');
		expect(find(lazy(''))).toBe('');
		const bytes = new Uint8Array([1, 2]);
		const response = lazy(bytes);
		bytes.fill(9);
		expect(find(response)).toEqual(new Uint8Array([1, 2]));
		void response.body;
		expect(find(response)).toBeUndefined();
		expect(find(lazy(null))).toBeNull();
		expect(find(new Native('x'))).toBeUndefined();
	});

	it('is not found where it shows another body than its own', () => {
		const changed = Object.defineProperty(lazy('x'), 'body', { value: null });
		const proxy = new Proxy(lazy('x'), showsNoBody);
		for (const response of [changed, proxy]) expect(find(response)).toBeUndefined();
	});

	it('cannot be cloned as data', () => {
		expect(() => structuredClone(lazy('x'))).toThrow('Cannot clone object of unsupported type.');
	});

	it('can be copied, with the headers that it has by then', () => {
		const response = lazy('x', { headers: { a: '1' } });
		void response.body;
		response.headers.set('b', '2');
		response.headers.delete('a');
		for (const copy of [response.clone(), new Standing(response.body, response)])
			expect([...copy.headers]).toEqual([...response.headers]);
	});

	it.each<[string, () => unknown]>([
		['a status without a body', () => lazy('x', { status: 204 })],
		['a status that is none', () => lazy('x', { status: 99 })],
		['a status that may not be', () => lazy('x', { status: 101 })],
		['a reason with a line break', () => lazy('x', { statusText: 'a\n' })],
		['a header that is none', () => lazy('x', { headers: { 'a b': '1' } })],
		['a call without new', () => (Standing as unknown as () => unknown)()]
	])('says what Node says of %s', (_, make) => {
		expect(make).toThrow(/Response|status|Headers|statusText|new/);
	});

	it('is a real one where it is made of anything else, or of a class below', () => {
		class Mine extends Standing {
			readonly isMine = true;
		}
		const others = [
			lazy(new Blob(['x'])),
			lazy(new URLSearchParams()),
			lazy('x', { statusText: 'Fine' }),
			new Mine('x'),
			Standing.json([1]),
			Standing.redirect('https://example.com/', 302)
		];
		for (const response of others) expect(find(response)).toBeUndefined();
		expect(others[2]?.statusText).toBe('Fine');
		expect(others[3]).toMatchObject({ isMine: true });
		expect(others[3]).toBeInstanceOf(Mine);
	});
});

describe('where responses are kept in another way', () => {
	it('nothing stands before them', () => {
		class Hidden {
			readonly #status = 200;
			get status(): number {
				return this.#status;
			}
		}
		const hidden = { Response: Hidden as unknown as typeof Response };
		expect(LazyResponses.stand(hidden)).toBeUndefined();
		expect(hidden.Response).toBe(Hidden);
	});

	it('nothing stands before what another build of this package has put there', async () => {
		vi.resetModules();
		const other = await import('../../../../src/server/http/lazy-response.ts');
		expect(other.LazyResponses).not.toBe(LazyResponses);
		const twice: ResponseGlobals = { Response: Standing };
		expect(other.LazyResponses.stand(twice)).toBeUndefined();
		expect(twice.Response).toBe(Standing);
	});

	it('nothing stands before what stands before them already', () => {
		const twice: ResponseGlobals = { Response: Standing };
		expect(LazyResponses.stand(twice)).toBeUndefined();
		expect(twice.Response).toBe(Standing);
	});
});
