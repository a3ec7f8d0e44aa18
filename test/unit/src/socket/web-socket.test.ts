import { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { asWebSocket } from '../../../../src/server/socket/as-web-socket.ts';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import type { PeerWebSocket } from '../../../../src/server/socket/web-socket/index.ts';
import { createConversation, settled } from '../../support/sessions.ts';

/** A peer as a socket of `ws`, and the engine's socket below it. */
function open(handler: object = {}) {
	let peer: Peer | undefined;
	const made = createConversation(
		{ open: (opened) => void (asWebSocket((peer = opened)), undefined), ...handler },
		{ speaks: 'nothing' }
	);
	made.session.open(made.socket);
	if (peer === undefined) throw new Error('The session has no peer');
	const ws = asWebSocket(peer);
	const events: unknown[] = [];
	return { ...made, peer, ws, events };
}

/** What its events say. */
function note(ws: PeerWebSocket, events: unknown[]): void {
	for (const name of ['message', 'close', 'pong', 'error']) {
		ws.on(name, (...args: unknown[]) => void events.push([name, ...args]));
	}
}

describe('a peer as a socket of ws', () => {
	it('is the same one for the same peer', () => {
		const { peer, ws } = open();
		expect(asWebSocket(peer)).toBe(ws);
	});

	it('tells of messages as ws does: text as UTF-8, bytes as binaryType says', () => {
		const { session, ws, events } = open();
		note(ws, events);
		session.message('héllo');
		session.message(new Uint8Array([1, 2]));
		ws.binaryType = 'arraybuffer';
		session.message(new Uint8Array([3]));
		session.message('text');
		ws.binaryType = 'fragments';
		session.message(new Uint8Array([4]));
		Reflect.set(ws, 'binaryType', 'nothing');
		expect(ws.binaryType).toBe('fragments');
		expect(events).toEqual([
			['message', Buffer.from('héllo'), false],
			['message', Buffer.from([1, 2]), true],
			['message', new Uint8Array([3]).buffer, true],
			['message', Buffer.from('text'), false],
			['message', [Buffer.from([4])], true]
		]);
	});

	it('loses no message where open calls it', async () => {
		const events: unknown[] = [];
		const { session, socket } = createConversation(
			{
				async open(peer) {
					await settled();
					note(asWebSocket(peer), events);
				}
			},
			{ speaks: 'nothing' }
		);
		session.open(socket);
		session.message('early');
		await settled();
		await settled();
		expect(events).toEqual([['message', Buffer.from('early'), false]]);
	});

	it('sends what ws sends, and says when it has', async () => {
		const { ws, socket } = open();
		const done: unknown[] = [];
		ws.send('text', () => done.push('text'));
		ws.send(Buffer.from([1]), {}, (error) => done.push(error));
		ws.send(new Uint16Array([258]), undefined, () => done.push('view'));
		ws.send(new Uint8Array([3]).buffer, { binary: true });
		ws.send(Buffer.from('bytes as text'), { binary: false });
		ws.send('text as bytes', { binary: true });
		ws.send(7);
		ws.send(new Blob([new Uint8Array([8])]), () => done.push('blob'));
		ws.send('after the blob');
		expect(done).toEqual([]);
		await expect.poll(() => done).toEqual(['text', undefined, 'view', 'blob']);
		await settled();
		expect(socket.sent.map(({ data }) => data)).toEqual([
			'text',
			Buffer.from([1]),
			new Uint8Array([2, 1]),
			new Uint8Array([3]),
			'bytes as text',
			Buffer.from('text as bytes'),
			'7',
			new Uint8Array([8]),
			'after the blob'
		]);
		expect(() => ws.send({ no: 'message' })).toThrowError(/Send a string, or bytes/);
		expect(() => ws.send('part', { fin: false })).toThrowError(/Send whole messages/);
	});

	it('compresses as ws does, where nothing else is said', () => {
		const { ws, socket } = open();
		ws.send('short');
		ws.send('long'.repeat(256));
		ws.send('short', { compress: true });
		ws.send('long'.repeat(256), { compress: false });
		expect(socket.sent.map(({ compress }) => compress)).toEqual([false, true, true, false]);
	});

	it('keeps what a slow client has not taken, in order, and says when it has left', async () => {
		const { ws, socket, session, log } = open();
		const done: unknown[] = [];
		const send = (text: string) => ws.send(text, (error) => done.push(error ?? text));
		socket.result = 'queued';
		send('first');
		send('second');
		send('third');
		socket.bufferedAmount = 5;
		expect(ws.bufferedAmount).toBe(5 + 6 + 5);
		await settled();
		expect(done).toEqual([]);
		socket.bufferedAmount = 0;
		session.drain();
		await settled();
		expect(done).toEqual(['first']);
		expect(socket.sent.map(({ data }) => data)).toEqual(['first', 'second']);
		socket.result = 'sent';
		session.drain();
		await settled();
		expect(done).toEqual(['first', 'second', 'third']);
		expect(ws.bufferedAmount).toBe(0);
		expect(log.warnings).toEqual([]);
	});

	it('closes a client that is too slow for all of it, and tells who waits', async () => {
		const { ws, socket, events } = open();
		note(ws, events);
		const done: unknown[] = [];
		socket.result = 'queued';
		ws.send('first', (error) => done.push(error?.message));
		for (let each = 0; each < 17; each += 1) {
			ws.send(Buffer.alloc(1024 * 1024), (error) => done.push(error?.message));
		}
		expect(socket.closed).toEqual([{ code: 1013, reason: 'Too slow' }]);
		await settled();
		expect(done).toHaveLength(18);
		expect(new Set(done)).toEqual(new Set([expect.stringContaining('not open')]));
		expect(events).toEqual([['close', 1013, Buffer.from('Too slow')]]);
	});

	it('closes once everything has left', async () => {
		const { ws, socket, session } = open();
		socket.result = 'queued';
		ws.send('first');
		ws.send('second');
		ws.close(4000, Buffer.from('bye'));
		expect([ws.readyState, socket.closed]).toEqual([2, []]);
		const refused: unknown[] = [];
		ws.send('late', (error) => refused.push(error?.message));
		socket.result = 'sent';
		session.drain();
		expect(socket.sent.map(({ data }) => data)).toEqual(['first', 'second']);
		expect(socket.closed).toEqual([{ code: 4000, reason: 'bye' }]);
		expect(ws.readyState).toBe(3);
		await settled();
		expect(refused).toEqual(['WebSocket is not open: readyState 2 (CLOSING)']);
		ws.close();
		ws.terminate();
		ws.send('later', (error) => refused.push(error?.message));
		ws.ping('late', true, (error) => refused.push(error.message));
		await settled();
		expect(refused.slice(1)).toEqual(Array(2).fill('WebSocket is not open: readyState 3 (CLOSED)'));
	});

	it('refuses codes that may not be sent, and is open then', () => {
		const { ws } = open();
		expect(() => ws.close(1006)).toThrowError(/1006/);
		expect(() => ws.close(4000, 'x'.repeat(124))).toThrowError(/123/);
		expect(ws.readyState).toBe(1);
	});

	it('pings, and tells of the answers', () => {
		const { ws, socket, session, events } = open();
		note(ws, events);
		ws.ping();
		ws.ping('who');
		ws.pong();
		expect(socket.pings).toEqual([undefined, Buffer.from('who'), undefined]);
		expect(() => ws.ping('x'.repeat(126))).toThrowError(RangeError);
		session.pong?.(new Uint8Array([119]));
		expect(events).toEqual([['pong', Buffer.from('w')]]);
	});

	it('has listeners as in a browser', () => {
		const { ws, session } = open();
		const heard: unknown[] = [];
		const listener = ({ type, data }: { type: string; data: unknown }) =>
			void heard.push([type, data]);
		ws.addEventListener('message', listener);
		ws.addEventListener('message', listener);
		ws.addEventListener('message', { handleEvent: ({ target }) => void heard.push(target === ws) });
		ws.addEventListener('message', () => heard.push('once'), { once: true });
		ws.onmessage = ({ data }) => void heard.push(['on', data]);
		ws.onmessage = listener;
		expect(ws.onmessage).toBe(listener);
		ws.onclose = ({ code, reason, wasClean }) => void heard.push([code, reason, wasClean]);
		session.message('a');
		expect(heard.splice(0)).toEqual([['message', 'a'], true, 'once', ['message', 'a']]);
		ws.removeEventListener('message', listener);
		ws.onmessage = null;
		session.message(new Uint8Array([1]));
		expect(heard.splice(0)).toEqual([true]);
		session.close(1001, 'away');
		expect(heard).toEqual([[1001, 'away', true]]);
	});

	it('tells why a socket was ended, where somebody listens to errors', () => {
		const one = open();
		note(one.ws, one.events);
		one.session.close(1009, '', 'too_big');
		expect(one.events).toEqual([
			['error', expect.objectContaining({ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' })],
			['close', 1009, Buffer.alloc(0)]
		]);
		const other = open();
		other.session.close(1009, '', 'too_big');
		expect(other.log.errors).toEqual([]);
	});

	it('has listeners whose errors go where those of hooks go', async () => {
		const errors: unknown[] = [];
		const { ws, session } = open({
			error: (_: unknown, error: unknown) => void errors.push(error)
		});
		ws.on('message', () => {
			throw new Error('in a library');
		});
		session.message('a');
		expect(errors).toEqual([new Error('in a library')]);
		ws.removeAllListeners('message');
		ws.once('message', async () => {
			await settled();
			throw new Error('later in a library');
		});
		session.message('b');
		session.message('c');
		await expect.poll(() => errors.length).toBe(2);
		expect(errors[1]).toEqual(new Error('later in a library'));
		expect(ws.readyState).toBe(1);
	});
});

describe('the request of a peer', () => {
	it('is one of Node, beside what asks the page', async () => {
		const { peer } = open();
		const { request } = peer;
		expect(peer.request).toBe(request);
		expect(request).toBeInstanceOf(IncomingMessage);
		const { method, url, headers, rawHeaders, socket } = request;
		expect([method, url, socket.remoteAddress]).toEqual(['GET', '/chat', '127.0.0.1']);
		expect([headers, rawHeaders]).toEqual([{ host: 'localhost' }, ['host', 'localhost']]);
		await expect(request('who?')).rejects.toMatchObject({ code: 'request_unsupported' });
	});
});
