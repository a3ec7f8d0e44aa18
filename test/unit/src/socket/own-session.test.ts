import { afterEach, describe, expect, it, vi } from 'vitest';
import { beat } from '../../../../src/shared/heartbeat.ts';
import { mark } from '../../../../src/shared/protocol.ts';
import { Registry } from '../../../../src/server/registry/registry.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import type { KeptTopic } from '../../../../src/server/socket/kept-topic.ts';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import { createConversation, hello, opened, settled } from '../../support/sessions.ts';

describe('the session of a client that speaks our protocol', () => {
	it('begins with hello, goes on with what open sends, and says when open is done', async () => {
		const opening = Promise.withResolvers<void>();
		const { session, socket, sent } = createConversation({
			open(peer) {
				peer.send('first');
				return opening.promise;
			}
		});
		session.open(socket);
		expect(sent()).toEqual([hello, 'first']);
		opening.resolve();
		await settled();
		expect(sent()).toEqual([hello, 'first', opened]);
	});

	it('says nothing of an open that has failed', () => {
		const { session, socket, sent } = createConversation({
			open() {
				throw new Error('no');
			}
		});
		session.open(socket);
		expect(sent()).toEqual([hello]);
		expect(socket.closed).toEqual([{ code: 1011, reason: 'The socket could not be opened' }]);
	});

	it('takes the mark off texts of the app that begin with it, and leaves everything else as it is', () => {
		const heard: unknown[] = [];
		const { session, socket } = createConversation({
			message: (_, message) => void heard.push(message.data)
		});
		session.open(socket);
		const bytes = new TextEncoder().encode(`${mark}1`);
		for (const each of [
			'plain',
			mark + mark,
			`${mark}${mark}1`,
			`${mark}${mark}${mark}q1,2`,
			bytes
		]) {
			session.message(each);
		}
		expect(heard).toEqual(['plain', mark, `${mark}1`, `${mark}${mark}q1,2`, bytes]);
	});

	it('puts a mark before texts of the app that begin with it', () => {
		const { session, socket, sent } = createConversation({
			open(peer) {
				peer.send(`${mark}1`);
				peer.send(new TextEncoder().encode(`${mark}1`));
			}
		});
		session.open(socket);
		expect(sent().slice(1)).toEqual([
			`${mark}${mark}1`,
			new TextEncoder().encode(`${mark}1`),
			opened
		]);
	});

	it('sends beats back', () => {
		const { session, socket, sent } = createConversation({});
		session.open(socket);
		session.message(`${beat}17`);
		expect(sent().at(-1)).toBe(`${beat}17`);
	});

	it.each(['', 'z', 'zq1,2', '?', 'q', 'q1', 'Q1', 'a9', 'g', 'g1', 'g1,-1', 'gx,y', 'r[]', 'é'])(
		'ignores what it does not know, and what is no frame: %j',
		(rest) => {
			const heard: unknown[] = [];
			const { session, socket, log } = createConversation({
				message: (_, message) => void heard.push(message.data)
			});
			session.open(socket);
			session.message(mark + rest);
			session.message('after');
			expect(heard).toEqual(['after']);
			expect(log.warnings).toEqual([]);
			expect(socket.closed).toEqual([]);
		}
	);

	it('sends again what is missing of a topic that its peer is on, and of no other', () => {
		const again: unknown[] = [];
		const registry = new Registry();
		const kept = (number: number) =>
			({
				number,
				hasHistory: true,
				hasPresence: false,
				subscribe() {},
				unsubscribe() {},
				publish() {},
				passVolatile() {},
				resend: (_: unknown, offset: number) => void again.push([number, offset])
			}) satisfies KeptTopic;
		const topics = new Map([
			['a', kept(1)],
			['b', kept(2)]
		]);
		registry.kept = (topic) => topics.get(topic);
		const { session, socket } = createConversation(
			{ open: (peer) => peer.subscribe('b') },
			{ registry }
		);
		session.open(socket);
		session.message(`${mark}g1,3`);
		session.message(`${mark}g2,4`);
		session.message(`${mark}g2,1.5`);
		session.message(`${mark}g2,`);
		expect(again).toEqual([[2, 4]]);
	});
});

describe('a client that comes back', () => {
	afterEach(() => vi.useRealTimers());

	function returning(positions: (peer: Peer) => void = () => {}) {
		const notes: string[] = [];
		const handler: AnyHandler = {
			open(peer) {
				notes.push('open');
				positions(peer);
			},
			message: (_, message) => void notes.push(`message ${message.text()}`),
			close: () => void notes.push('close')
		};
		return { notes, ...createConversation(handler, { resumes: true }) };
	}

	it('has said what it has received before when open is called', async () => {
		let seen: unknown;
		const { session, socket, notes } = returning((peer) => (seen = peer.client?.positions));
		session.open(socket);
		expect(notes).toEqual([]);
		session.message(`${mark}r["t1.e.1.s~5","t2.e.2.s",7,"none",".x"]`);
		session.message('next');
		await settled();
		expect(notes).toEqual(['open', 'message next']);
		expect(seen).toEqual(
			new Map([
				['t1', 't1.e.1.s~5'],
				['t2', 't2.e.2.s']
			])
		);
	});

	it.each(['text', `${mark}r`, `${mark}r{`, `${mark}r{"a":1}`, `${beat}5`, `${mark}${mark}r[]`])(
		'is not waited for when its first message says no such thing: %j',
		async (first) => {
			const { session, socket, notes } = returning((peer) =>
				expect(peer.client?.positions.size).toBe(0)
			);
			session.open(socket);
			session.message(first);
			await settled();
			expect(notes[0]).toBe('open');
			session.message(`${mark}r["t1.e.1.s"]`);
			await settled();
			expect(notes.filter((note) => note.startsWith('message'))).toHaveLength(
				first === 'text' || first.startsWith(mark + mark) ? 1 : 0
			);
		}
	);

	it('is not waited for beyond five seconds', async () => {
		vi.useFakeTimers();
		const { session, socket, notes } = returning();
		session.open(socket);
		await vi.advanceTimersByTimeAsync(4999);
		expect(notes).toEqual([]);
		await vi.advanceTimersByTimeAsync(1);
		expect(notes).toEqual(['open']);
	});

	it('may leave before it has said anything: open and close are called once', async () => {
		vi.useFakeTimers();
		const { session, socket, notes } = returning();
		session.open(socket);
		session.close(1006, '');
		await vi.advanceTimersByTimeAsync(0);
		expect(notes).toEqual(['open', 'close']);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('says too much at once, and is not listened to', async () => {
		let size: unknown;
		const { session, socket } = returning((peer) => (size = peer.client?.positions.size));
		session.open(socket);
		session.message(`${mark}r["t1.${'x'.repeat(17_000)}"]`);
		await settled();
		expect(size).toBe(0);
	});
});
