import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beat } from '../../../../src/shared/heartbeat.ts';
import { mark } from '../../../../src/shared/protocol.ts';
import { createConversation } from '../../support/sessions.ts';

describe('a peer that may send so many messages in so much time', () => {
	beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'Date'] }));
	afterEach(() => vi.useRealTimers());

	function limited(speaks: 'nothing' | 'beats' | 'frames', rateLimit = { messages: 3, per: 1000 }) {
		const heard: unknown[] = [];
		const closed: unknown[] = [];
		const conversation = createConversation(
			{
				message: (_, message) => void heard.push(message.data),
				close: (_, details) => void closed.push(details)
			},
			{ speaks, rateLimit }
		);
		conversation.session.open(conversation.socket);
		const send = (...messages: (string | Uint8Array)[]) => {
			for (const each of messages) conversation.session.message(each);
		};
		return { ...conversation, heard, closed, send };
	}

	it('may do so, again and again', () => {
		const { socket, heard, send } = limited('nothing');
		for (let round = 0; round < 5; round += 1) {
			send('a', 'b', Uint8Array.of(1));
			vi.advanceTimersByTime(1000);
		}
		expect(heard).toHaveLength(15);
		expect(socket.closed).toEqual([]);
	});

	it('is closed with 1008 at the first one above it, which the app does not get', () => {
		const { socket, heard, closed, log, send } = limited('nothing');
		send('a');
		vi.advanceTimersByTime(999);
		send('b', 'c', 'd', 'e');
		expect(heard).toEqual(['a', 'b', 'c']);
		expect(socket.closed).toEqual([{ code: 1008, reason: 'Too many messages' }]);
		expect(closed).toEqual([{ code: 1008, reason: 'Too many messages' }]);
		expect(log.warnings).toEqual([
			{
				what: 'A peer that sends more than websocket.rateLimit is closed',
				value: '/chat, 3 messages in 1000 ms'
			}
		]);
	});

	it('is measured by a clock that nobody sets', () => {
		const { socket, send } = limited('nothing');
		send('a', 'b', 'c');
		vi.setSystemTime(Date.now() + 1e9);
		send('d');
		expect(socket.closed).toHaveLength(1);
	});

	it('does not send messages with beats, or with what belongs to other messages', () => {
		const beats = limited('beats');
		beats.send('a', `${beat}1`, 'b', `${beat}2`, 'c', `${beat}3`);
		expect(beats.socket.closed).toEqual([]);
		const frames = limited('frames');
		frames.send(`${mark}q1,a`, `${beat}1`, `${mark}Q2,1`, Uint8Array.of(1), `${mark}${mark}c`);
		expect(frames.heard).toHaveLength(3);
		expect(frames.socket.closed).toEqual([]);
		frames.send(`${mark}q3,d`);
		expect(frames.socket.closed).toHaveLength(1);
	});

	it.each([
		['beats', `${beat}1`],
		['frames', `${beat}1`],
		['frames', `${mark}z`],
		['frames', `${mark}g1,1`],
		['frames', `${mark}a1`]
	] as const)('may not flood with other things either: %s %j', (speaks, text) => {
		const { socket, send } = limited(speaks);
		send(...Array<string>(17).fill(text));
		expect(socket.closed).toEqual([]);
		send(text);
		expect(socket.closed).toEqual([{ code: 1008, reason: 'Too many messages' }]);
	});

	it('sends messages with what looks like a beat, where nobody has asked for beats', () => {
		const { socket, heard, send } = limited('nothing');
		send(`${beat}1`, `${beat}2`, `${beat}3`, `${beat}4`);
		expect(heard).toHaveLength(3);
		expect(socket.closed).toHaveLength(1);
	});

	it('drains and overflows as others', () => {
		const { session, socket, log } = limited('nothing');
		session.drain();
		session.overflow();
		expect(log.warnings).toHaveLength(1);
		expect(socket.closed).toEqual([]);
	});
});
