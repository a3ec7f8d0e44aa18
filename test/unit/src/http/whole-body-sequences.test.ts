import { expect, it } from 'vitest';
import { bodyOf } from '../../../../src/server/http/response.ts';
import { WholeBodies } from '../../../../src/server/http/whole-body.ts';
import { sequences } from '../../support/sequences.ts';

const bodies = new WholeBodies(Response);

type Send = (response: Response) => Promise<string>;

/** A response, how it is sent, and what was made of it. */
interface Subject {
	response: Response;
	send: Send;
	isSent: boolean;
	others: Response[];
}

const made: (() => Response)[] = [
	() => new Response(null),
	() => new Response(''),
	() => new Response('grüße'),
	() => new Response(Buffer.from('some bytes')),
	() => new Response(new Uint8Array(0)),
	() => new Response(new Blob(['blob'])),
	() => new Response(new URLSearchParams({ a: 'b' })),
	() => Response.json({ a: 1 }),
	() => new Response(new Blob(['stream']).stream())
];

/** What is there at once, or else as it comes. */
const sendWhole: Send = async (response) => {
	const whole = bodies.find(response);
	return whole === undefined ? sendRead(response) : Buffer.from(whole).toString();
};

const sendRead: Send = async (response) => {
	const body = await bodyOf(response);
	if (body === null || typeof body === 'string') return body ?? '';
	if (body instanceof Uint8Array) return Buffer.from(body).toString();
	if (!('read' in body)) throw new Error('No response has a file');
	let text = '';
	for (let part = await body.read(); !part.done; part = await body.read())
		text += Buffer.from(part.value).toString();
	return text;
};

/** Who has sent a response has no more to do with it. */
function unsent(use: (response: Response, others: Response[]) => unknown) {
	return ({ response, isSent, others }: Subject): unknown =>
		isSent ? 'sent' : use(response, others);
}

function keep(others: Response[], other: Response): unknown {
	others.push(other);
	return [other.status, [...other.headers], other.bodyUsed];
}

const send = (subject: Subject): unknown => {
	if (subject.isSent) return 'sent';
	subject.isSent = true;
	return subject.send(subject.response);
};

/** As a `handle` that adds a header does. */
const replace = (subject: Subject): unknown => {
	if (!subject.isSent) subject.response = new Response(subject.response.body, subject.response);
	return subject.response.status;
};

const steps: ((subject: Subject) => unknown)[] = [
	send,
	send,
	send,
	unsent((response, others) => keep(others, response.clone())),
	unsent((response, others) => keep(others, response.clone())),
	replace,
	unsent((response) => response.text()),
	unsent((response) => response.arrayBuffer().then(({ byteLength }) => byteLength)),
	unsent(({ body, bodyUsed }) => [body?.locked, bodyUsed]),
	unsent((response) => response.headers.set('content-type', 'text/plain')),
	unsent(async ({ body }) => {
		const reader = body?.getReader();
		const first = await reader?.read();
		reader?.releaseLock();
		return first?.done;
	}),
	unsent((response) => response.body?.getReader().releaseLock()),
	unsent((response) => response.body?.getReader().constructor.name),
	unsent((response) => response.body?.cancel()),
	({ others }) => others.at(-1)?.text(),
	({ others }) =>
		others
			.at(0)
			?.arrayBuffer()
			.then(({ byteLength }) => byteLength),
	({ others }) => others.at(-1)?.clone().status,
	({ others }) => others.map(({ bodyUsed }) => bodyUsed)
];

/** Node 24 keeps them in private fields. That Node 22 has this is held by whole-body.test.ts. */
it.runIf(bodies.find(new Response('x')) !== undefined)(
	'a response that is sent as it was made is what would have been read, whatever was done to it before',
	async () => {
		const found = await sequences(3000, steps, (draw) => {
			const kind = draw(made.length);
			const subject = (by: Send): Subject => ({
				response: made[kind]?.() ?? new Response(),
				send: by,
				isSent: false,
				others: []
			});
			return { kind, one: subject(sendWhole), other: subject(sendRead) };
		});
		expect(found).toEqual([]);
	}
);
