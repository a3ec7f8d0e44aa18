import { expect, it } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import { Session } from '../../../../src/server/socket/session.ts';
import { FakeSocket } from '../../support/engine.ts';
import { FakeLog } from '../../support/log.ts';
import { identity, plainContext } from '../../support/peers.ts';

/** An open session whose only hook hands out the peer. */
function open(listen: (peer: Peer) => void) {
	const log = new FakeLog();
	const route = { id: '/chat', handler: { open: listen } };
	const session = new Session(
		{
			route,
			context: plainContext,
			settings: {
				registry: new Registry(),
				log,
				maxWaiting: 100,
				maxPayload: 100,
				closeOnBackpressureLimit: false
			}
		},
		{ identity, heartbeat: undefined }
	);
	session.open(new FakeSocket());
	return { session, log };
}

it('hears messages and the end, as text or bytes', () => {
	const heard: unknown[] = [];
	const { session } = open((peer) => {
		peer.addEventListener('message', ({ type, data, message }) =>
			heard.push([type, data, message.isBinary])
		);
		peer.addEventListener('close', ({ type, code, reason }) => heard.push([type, code, reason]));
	});
	session.message('text');
	session.message(Uint8Array.of(1));
	session.close(4001, 'bye');
	expect(heard).toEqual([
		['message', 'text', false],
		['message', Uint8Array.of(1), true],
		['close', 4001, 'bye']
	]);
});

it('is called once for each time it matters, and no more when it was removed', () => {
	const heard: unknown[] = [];
	const listener = ({ data }: { data: unknown }) => heard.push(data);
	const { session } = open((peer) => {
		peer.addEventListener('message', listener);
		peer.addEventListener('message', listener);
		peer.addEventListener(
			'message',
			({ data }) => data === 'stop' && peer.removeEventListener('message', listener)
		);
	});
	for (const text of ['1', 'stop', '2']) session.message(text);
	expect(heard).toEqual(['1', 'stop']);
});

it('goes to the error listeners when one throws or rejects, and the others are called all the same', async () => {
	const heard: unknown[] = [];
	const { session, log } = open((peer) => {
		peer.addEventListener('error', ({ error }) => heard.push(error));
		peer.addEventListener('message', () => {
			throw new Error('thrown');
		});
		peer.addEventListener('message', () => Promise.reject(new Error('rejected')));
		peer.addEventListener('message', () => heard.push('fine'));
	});
	session.message('x');
	await new Promise((resolve) => setImmediate(resolve));
	expect(heard).toEqual([new Error('thrown'), 'fine', new Error('rejected')]);
	expect(log.errors).toEqual([]);
});

it('is a line in the log when nobody listens for errors', () => {
	const { session, log } = open((peer) => {
		peer.addEventListener('message', () => {
			throw new Error('thrown');
		});
	});
	session.message('x');
	expect(log.errors[0]?.what).toBe('The websocket hook message of /chat failed');
});
