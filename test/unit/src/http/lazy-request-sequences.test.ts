import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { lazyRequests, type RequestSource } from '../../../../src/server/http/lazy-request.ts';
import { sequences } from '../../support/sequences.ts';

const create = lazyRequests(Request);
const url = 'http://localhost/a?b#c';

/** A request, who can abort it, and what was made of it. */
interface Subject {
	request: Request;
	controller: AbortController;
	others: Request[];
}

interface Kind {
	method: string;
	text: string | null;
	/** The body can be had at once. */
	isWhole: boolean;
	isBroken: boolean;
}

function kindOf(draw: (count: number) => number): Kind {
	const text = [null, '', '{"a": 1}', 'a=1&b=2', '\ufeff[1]'][draw(5)] ?? null;
	const method = text === null && draw(2) === 0 ? 'GET' : 'POST';
	return { method, text, isWhole: draw(3) > 0, isBroken: text !== null && draw(8) === 0 };
}

function headers(): Headers {
	const cookies: [string, string][] = [1, 2].map((each) => ['set-cookie', `c=${each}`]);
	const type = 'application/x-www-form-urlencoded';
	return new Headers([['content-type', type], ['x-list', '1'], ['x-list', '2'], ...cookies]);
}

function streamOf({ text, isBroken }: Kind): ReadableStream<Uint8Array> {
	return new ReadableStream({
		start(controller) {
			if (isBroken) return controller.error(new Error('broke'));
			controller.enqueue(Buffer.from(text ?? ''));
			controller.close();
		}
	});
}

function bodyOf(kind: Kind): RequestSource['body'] {
	if (kind.text === null) return null;
	const bytes = () =>
		kind.isBroken
			? Promise.reject(new Error('broke'))
			: Promise.resolve(Buffer.from(kind.text ?? ''));
	return { stream: () => streamOf(kind), ...(kind.isWhole && { bytes }) };
}

function lazyOf(kind: Kind): Subject {
	const controller = new AbortController();
	const { signal } = controller;
	const source = { method: kind.method, url, headers: headers(), body: bodyOf(kind), signal };
	const request = create?.(source);
	if (request === undefined) throw new Error('There are no lazy requests');
	return { request, controller, others: [] };
}

function realOf(kind: Kind): Subject {
	const controller = new AbortController();
	const body = kind.text === null ? null : streamOf(kind);
	const init = { method: kind.method, headers: headers(), body, duplex: 'half' as const };
	const request = new Request(url, { ...init, signal: controller.signal });
	return { request, controller, others: [] };
}

function shape({ method, url: own, headers: all, bodyUsed, signal }: Request): unknown {
	return [method, own, [...all], bodyUsed, signal.aborted];
}

function keep({ others }: Subject, other: Request): unknown {
	others.push(other);
	return shape(other);
}

/** What apps do. */
const steps: ((subject: Subject) => unknown)[] = [
	({ request }) => request.text(),
	({ request }) => request.json(),
	({ request }) => request.arrayBuffer().then(({ byteLength }) => byteLength),
	async ({ request }) => [...(await request.formData())],
	async ({ request }) => (await request.blob()).type,
	({ request }) => Promise.allSettled([request.text(), request.json()]),
	({ request }) => shape(request),
	({ request: { body } }) => [body === null, body?.locked],
	({ request }) => [request.body === request.body, request.headers === request.headers],
	(subject) => keep(subject, subject.request.clone()),
	(subject) => keep(subject, new Request(subject.request)),
	(subject) => keep(subject, new Request(subject.request, { headers: { z: '1' } })),
	(subject) => keep(subject, new Request(subject.request, { method: 'PUT', body: 'own' })),
	(subject) => keep(subject, new Request('http://other/', subject.request)),
	({ others }) => others.map(shape),
	({ others }) => others.at(-1)?.text(),
	({ others }) => others.at(-1)?.clone().url,
	({ others }) => others.at(-1)?.headers.set('content-type', 'text/other'),
	({ request }) => request.headers.set('content-type', 'text/plain'),
	({ request }) => request.headers.append('x-list', '3'),
	({ request }) => request.headers.append('set-cookie', 'c=3'),
	({ request }) => request.headers.delete('x-list'),
	async ({ request }) => {
		const reader = request.body?.getReader();
		const first = await reader?.read();
		reader?.releaseLock();
		return first?.done;
	},
	({ request }) => request.body?.getReader().constructor.name,
	({ request }) => request.body?.cancel(),
	({ request }) => request.body?.tee().length,
	({ request }) => Request.prototype.text.call(request),
	({ request }) => inspect(request, { sorted: true }),
	({ controller }) => controller.abort('gone'),
	({ request, others }) =>
		[request, ...others].map(({ signal }) => [signal.aborted, signal.reason as unknown]),
	({ request: { cache, mode, redirect, referrer } }) => [cache, mode, redirect, referrer],
	({ request }) =>
		Object.defineProperty(request, 'method', { value: 'PATCH', configurable: true }).method,
	({ request }) => Object.keys(Object.assign(request, { user: 1 })),
	({ request }) => structuredClone(request),
	({ request }) => Object.isFrozen(Object.freeze(request))
];

/** Node 24 keeps them in private fields. That Node 22 has this is held by lazy-request.test.ts. */
it.runIf(create !== undefined)(
	'is what a request of Node is, whatever is done to it in whatever order',
	async () => {
		const found = await sequences(2000, steps, (draw) => {
			const kind = kindOf(draw);
			return { kind, one: lazyOf(kind), other: realOf(kind) };
		});
		expect(found).toEqual([]);
	}
);
