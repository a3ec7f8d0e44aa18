import { runInNewContext } from 'node:vm';
import { error, redirect } from '@sveltejs/kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mark } from '../../../../src/shared/protocol.ts';
import { RequestError } from '../../../../src/server/socket/requests.ts';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import type { SocketContext } from '../../../../src/server/socket/context.ts';
import { plainContext } from '../../support/peers.ts';
import { createConversation, settled, type AnsweringHandler } from '../../support/sessions.ts';

/** What the server has said since it is open. */
function open(handler: AnsweringHandler, context: SocketContext = plainContext) {
	const conversation = createConversation(handler, { context });
	conversation.session.open(conversation.socket);
	return { ...conversation, said: () => conversation.sent().slice(2) };
}

const bytes = (...values: number[]) => Uint8Array.of(...values);

describe('a request of a client', () => {
	it('is a message, and answered with what the hook returns', async () => {
		const { session, said } = open({
			message: (_, message) => ({ text: message.text(), isBinary: message.isBinary })
		});
		session.message(`${mark}q1,{"a":[1,2]}`);
		session.message(`${mark}q2,`);
		session.message(`${mark}Qx3,2`);
		session.message(bytes(0x68, 0x69));
		expect(said()).toEqual([
			`${mark}a1,{"text":"{\\"a\\":[1,2]}","isBinary":false}`,
			`${mark}a2,{"text":"","isBinary":false}`,
			`${mark}ax3,{"text":"hi","isBinary":true}`
		]);
	});

	it.each([
		['a text', 'text', '"text"'],
		['a text that looks like a frame', `${mark}q1,2`, '"\\u0016q1,2"'],
		['null', null, 'null'],
		['false', false, 'false'],
		['0', 0, '0'],
		['an object', { a: undefined, b: 1 }, '{"b":1}'],
		['a date', new Date(0), '"1970-01-01T00:00:00.000Z"']
	])('gets %s as JSON', (_, value, json) => {
		const { session, said } = open({ message: () => value });
		session.message(`${mark}q1,1`);
		expect(said()).toEqual([`${mark}a1,${json}`]);
	});

	it.each([
		['bytes', bytes(1, 2)],
		['a buffer', bytes(1, 2).buffer],
		['a part of a buffer', bytes(0, 1, 2, 3).subarray(1, 3)]
	])('gets %s as bytes', (_, value) => {
		const { session, said } = open({ message: () => value });
		session.message(`${mark}q1,1`);
		expect(said()).toEqual([`${mark}A1,2`, bytes(1, 2)]);
	});

	it('gets nothing where nothing is returned, and hears so', async () => {
		const { session, said } = open({ message: async () => {} });
		session.message(`${mark}q1,1`);
		await settled();
		expect(said()).toEqual([`${mark}a1`]);
	});

	it('is answered when its hook is done, whatever others take', async () => {
		const slow = Promise.withResolvers<string>();
		const foreign = runInNewContext('Promise.resolve("foreign")') as Promise<string>;
		const { session, said } = open({
			message: (_, message) =>
				message.text() === 'slow' ? slow.promise : message.text() === 'foreign' ? foreign : 'now'
		});
		session.message(`${mark}q1,slow`);
		session.message(`${mark}q2,fast`);
		session.message(`${mark}q3,foreign`);
		await settled();
		expect(said()).toEqual([`${mark}a2,"now"`, `${mark}a3,"foreign"`]);
		slow.resolve('late');
		await settled();
		expect(said()[2]).toBe(`${mark}a1,"late"`);
	});

	it('waits for open, and for messages before it where they are ordered', async () => {
		const opening = Promise.withResolvers<void>();
		const first = Promise.withResolvers<void>();
		const order: string[] = [];
		const { session, socket, sent } = createConversation({
			ordered: true,
			open: () => opening.promise,
			async message(_, message) {
				order.push(message.text());
				if (message.text() === 'first') await first.promise;
				return order.length;
			}
		});
		session.open(socket);
		session.message('first');
		session.message(`${mark}q1,second`);
		await settled();
		expect(order).toEqual([]);
		opening.resolve();
		await settled();
		expect(order).toEqual(['first']);
		first.resolve();
		await settled();
		expect(sent().at(-1)).toBe(`${mark}a1,2`);
	});

	it('is heard by listeners, too', () => {
		const heard: unknown[] = [];
		const { session, said } = open({
			open: (peer) => peer.addEventListener('message', ({ data }) => heard.push(data)),
			message: () => 1
		});
		session.message(`${mark}q1,text`);
		expect(heard).toEqual(['text']);
		expect(said()).toEqual([`${mark}a1,1`]);
	});

	it('is answered 501 where no hook is there that could answer', () => {
		const heard: unknown[] = [];
		const { session, said } = open({
			open: (peer) => peer.addEventListener('message', ({ data }) => heard.push(data))
		});
		session.message(`${mark}q1,text`);
		expect(heard).toEqual(['text']);
		expect(said()).toEqual([`${mark}e1,501,Nothing here answers requests`]);
	});

	it.each([
		['error', () => error(404, 'No such room'), '404,No such room'],
		['error with a comma', () => error(409, 'Taken, sorry'), '409,Taken, sorry'],
		['redirect', () => redirect(303, '/login'), '303,/login'],
		[
			'error of another copy of Kit',
			() => {
				throw Object.assign(Object.create({}) as object, { status: 403, body: { message: 'No' } });
			},
			'403,No'
		]
	])('is answered by %s of Kit, which is no accident', async (_, fail, frame) => {
		const reported: unknown[] = [];
		const { session, said, log } = open(
			{
				message: (__, message) =>
					message.text() === 'now' ? fail() : Promise.resolve().then(fail),
				error: (__, each) => void reported.push(each)
			},
			{ ...plainContext, report: (each) => reported.push(each) }
		);
		session.message(`${mark}q1,now`);
		session.message(`${mark}q2,later`);
		await settled();
		expect(said()).toEqual([`${mark}e1,${frame}`, `${mark}e2,${frame}`]);
		expect([reported, log.errors, log.warnings]).toEqual([[], [], []]);
	});

	it.each([
		['an error', new Error('the password is secret'), 1],
		['an error with a status', Object.assign(new Error('secret'), { status: 404, body: {} }), 1],
		['a text', 'secret', 1],
		['undefined', undefined, 1],
		['what looks like a response', new Response(null, { status: 404 }), 1]
	])('is answered 500 when its hook throws %s, which is told as ever', async (_, thrown, count) => {
		const seen: unknown[] = [];
		const { session, said, socket } = open({
			message() {
				throw thrown;
			},
			error: (__, each) => void seen.push(each)
		});
		session.message(`${mark}q1,a`);
		await settled();
		expect(said()).toEqual([`${mark}e1,500,Internal Error`]);
		expect(seen).toEqual(Array(count).fill(thrown));
		expect(socket.closed).toEqual([]);
	});

	it.each([
		['a Map', new Map()],
		['a BigInt', 1n],
		['a function', () => {}],
		['NaN', NaN]
	])('is answered 500 when the hook returns %s, which cannot be sent', async (_, value) => {
		const seen: unknown[] = [];
		const { session, said } = open({
			message: (__, message) => (message.text() === 'now' ? value : Promise.resolve(value)),
			error: (__, each) => void seen.push(each)
		});
		session.message(`${mark}q1,now`);
		session.message(`${mark}q2,later`);
		await settled();
		expect(said()).toEqual([`${mark}e1,500,Internal Error`, `${mark}e2,500,Internal Error`]);
		expect(seen).toMatchObject([{ code: 'bad_value' }, { code: 'bad_value' }]);
	});

	it('is no message, which nobody answers, whatever its hook returns', async () => {
		const { session, said } = open({
			message: (_, message) => (message.text() === 'map' ? new Map() : 'value')
		});
		session.message('text');
		session.message('map');
		await settled();
		expect(said()).toEqual([]);
	});

	it.each([`${mark}q,1`, `${mark}q-,1`, `${mark}q12345678901234567,1`, `${mark}Qa`, `${mark}q1`])(
		'is ignored when it is none: %j',
		(text) => {
			const message = vi.fn();
			const { session, said } = open({ message });
			session.message(text);
			expect(message).not.toHaveBeenCalled();
			expect(said()).toEqual([]);
		}
	);

	it('of bytes that do not follow leaves alone what follows', () => {
		const heard: unknown[] = [];
		const { session, said } = open({ message: (_, { data }) => void heard.push(data) });
		session.message(`${mark}Q1,3`);
		session.message(bytes(1, 2));
		session.message(`${mark}Q2,3`);
		session.message('text');
		session.message(bytes(1, 2, 3));
		expect(heard).toEqual([bytes(1, 2), 'text', bytes(1, 2, 3)]);
		expect(said()).toEqual([]);
	});

	it('too many without an answer are refused, until some have one', async () => {
		const answers: ((value: number) => void)[] = [];
		const { session, said } = open({ message: () => new Promise((done) => answers.push(done)) });
		for (let index = 0; index < 1001; index += 1) session.message(`${mark}q${index},x`);
		expect(answers).toHaveLength(1000);
		expect(said()).toEqual([`${mark}e1000,429,Too many requests are unanswered`]);
		answers[0]?.(1);
		await settled();
		session.message(`${mark}qnext,x`);
		expect(answers).toHaveLength(1001);
	});

	it('whose answer comes after the end harms nothing', async () => {
		const answer = Promise.withResolvers<number>();
		const { session, log } = open({ message: () => answer.promise });
		session.message(`${mark}q1,x`);
		session.close(1006, '');
		answer.resolve(1);
		await settled();
		expect([log.errors, log.warnings]).toEqual([[], []]);
	});
});

describe('a request of the server', () => {
	afterEach(() => vi.useRealTimers());

	function asking() {
		let peer: Peer | undefined;
		const conversation = open({ open: (opened) => void (peer = opened) });
		if (peer === undefined) throw new Error('not open');
		return { ...conversation, peer };
	}

	it('is answered by its client, out of order too, with JSON, bytes or nothing', async () => {
		const { peer, session, said } = asking();
		const asked = ['text', { a: 1 }, bytes(7), `${mark}1`].map((each) => peer.request(each));
		expect(said()).toEqual([
			`${mark}q1,text`,
			`${mark}q2,{"a":1}`,
			`${mark}Q3,1`,
			bytes(7),
			`${mark}q4,${mark}1`
		]);
		session.message(`${mark}a2,{"b":[1,2]}`);
		session.message(`${mark}A4,2`);
		session.message(bytes(1, 2));
		session.message(`${mark}a3`);
		session.message(`${mark}a1,"x,y"`);
		expect(await Promise.all(asked)).toEqual(['x,y', { b: [1, 2] }, undefined, bytes(1, 2)]);
	});

	it('may be made, and awaited, in open', async () => {
		const { session, socket, sent } = createConversation({
			async open(peer) {
				peer.send(await peer.request('who'));
			}
		});
		session.open(socket);
		session.message(`${mark}a1,"me"`);
		await settled();
		expect(sent().slice(1)).toEqual([`${mark}q1,who`, 'me', `${mark}o`]);
	});

	it('is rejected with the status that its client answers with', async () => {
		const { peer, session } = asking();
		const asked = peer.request('a');
		session.message(`${mark}e1,404,No such thing, sorry`);
		await expect(asked).rejects.toMatchObject({
			code: 'request_failed',
			status: 404,
			message: '[svelte-adapter-ws] A client has answered with an error (404 No such thing, sorry).'
		});
		await expect(asked).rejects.toBeInstanceOf(RequestError);
	});

	it('is rejected by an answer that is no JSON', async () => {
		const { peer, session } = asking();
		const asked = peer.request('a');
		session.message(`${mark}a1,{`);
		await expect(asked).rejects.toMatchObject({ code: 'request_failed', status: undefined });
	});

	it('is rejected after its time, or ten seconds, and a later answer is ignored', async () => {
		vi.useFakeTimers();
		const { peer, session } = asking();
		const outcomes: string[] = [];
		const note = (name: string) => (reason: { code: string }) =>
			void outcomes.push(`${name} ${reason.code}`);
		peer.request('a').catch(note('default'));
		peer.request('b', { timeout: 500 }).catch(note('short'));
		peer.request('c', { timeout: Infinity }).catch(note('endless'));
		await vi.advanceTimersByTimeAsync(500);
		expect(outcomes).toEqual(['short request_timeout']);
		await vi.advanceTimersByTimeAsync(9500);
		expect(outcomes).toEqual(['short request_timeout', 'default request_timeout']);
		session.message(`${mark}a1,1`);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('is rejected when its client leaves, and leaves nothing behind', async () => {
		vi.useFakeTimers();
		const { peer, session } = asking();
		const { signal } = new AbortController();
		const removed = vi.spyOn(signal, 'removeEventListener');
		const asked = peer.request('a', { signal });
		const outcome = expect(asked).rejects.toMatchObject({ code: 'request_closed' });
		session.close(1006, '');
		await outcome;
		expect(vi.getTimerCount()).toBe(0);
		expect(removed).toHaveBeenCalledOnce();
		await expect(peer.request('b')).rejects.toMatchObject({ code: 'request_closed' });
	});

	it('is rejected with the reason of its signal', async () => {
		const { peer, said } = asking();
		const controller = new AbortController();
		const asked = peer.request('a', { signal: controller.signal });
		controller.abort('enough');
		await expect(asked).rejects.toBe('enough');
		await expect(peer.request('b', { signal: controller.signal })).rejects.toBe('enough');
		expect(said()).toEqual([`${mark}q1,a`]);
	});

	it('is rejected when the client is too slow to get it', async () => {
		const { peer, socket } = asking();
		socket.result = 'dropped';
		await expect(peer.request(bytes(1))).rejects.toMatchObject({ code: 'request_failed' });
		expect(socket.sent.at(-1)?.data).toBe(`${mark}Q1,1`);
	});

	it.each([
		[new Map(), {}],
		['a', { timeout: -1 }],
		['a', { timeout: '5' as unknown as number }]
	])('is rejected when it cannot be made: %s %o', async (value, options) => {
		const { peer, said } = asking();
		await expect(peer.request(value, options)).rejects.toMatchObject({ code: 'bad_value' });
		expect(said()).toEqual([]);
	});

	it('is rejected at once by a client that knows nothing of it', async () => {
		for (const speaks of ['nothing', 'beats'] as const) {
			let peer: Peer | undefined;
			const { session, socket } = createConversation(
				{ open: (opened) => void (peer = opened) },
				{ speaks }
			);
			session.open(socket);
			const before = socket.sent.length;
			await expect(peer?.request('a')).rejects.toMatchObject({ code: 'request_unsupported' });
			expect(socket.sent).toHaveLength(before);
		}
	});
});
