import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { Session } from '../../../../src/server/socket/session.ts';
import { FakeSocket } from '../../support/engine.ts';
import { FakeLog } from '../../support/log.ts';
import { identity } from '../../support/peers.ts';

/** A session of this handler, not open yet. */
function create(
	handler: AnyHandler,
	{ maxEarly = 100, heartbeat = undefined as number | undefined } = {}
) {
	const registry = new Registry();
	const log = new FakeLog();
	const socket = new FakeSocket();
	const route = { id: '/chat/[room]', handler };
	const session = new Session({ route, identity, registry, log, maxEarly, heartbeat });
	return { session, registry, log, socket };
}

/** A promise that is no instance of our `Promise`, as those of libraries and sandboxes may be. */
const foreignPromise = () =>
	runInNewContext('Promise.withResolvers()') as PromiseWithResolvers<void>;

/** When all microtasks have run, and what they caused. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A handler whose hooks note that they were called; `open` waits if it is given something to wait for. */
function noting(opening?: Promise<void>): { handler: AnyHandler; notes: string[] } {
	const notes: string[] = [];
	const note = (text: string) => void notes.push(text);
	return {
		notes,
		handler: {
			open() {
				note('open');
				return opening?.then(() => note('opened'));
			},
			message: (_, message) => note(`message ${message.text()}`),
			drain: () => note('drain'),
			close: (_, { code, reason }) => note(`close ${code} ${reason}`)
		}
	};
}

describe('a life of a socket', () => {
	it('is open, then messages in order, then close', () => {
		const { handler, notes } = noting();
		const { session, socket } = create(handler);
		session.open(socket);
		session.message('1');
		session.message(new TextEncoder().encode('2'));
		session.drain();
		session.message('3');
		session.close(1000, 'bye');
		expect(notes).toEqual([
			'open',
			'message 1',
			'message 2',
			'drain',
			'message 3',
			'close 1000 bye'
		]);
	});

	it('keeps messages, drain and close waiting until open is done', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes } = noting(opening.promise);
		const { session, socket } = create(handler);
		session.open(socket);
		session.message('1');
		session.drain();
		session.message('2');
		session.close(1001, '');
		await settled();
		expect(notes).toEqual(['open']);
		opening.resolve();
		await settled();
		expect(notes).toEqual(['open', 'opened', 'message 1', 'drain', 'message 2', 'close 1001 ']);
	});

	it('goes on without waiting once open is done', async () => {
		const { handler, notes } = noting(Promise.resolve());
		const { session, socket } = create(handler);
		session.open(socket);
		await settled();
		session.message('now');
		expect(notes).toEqual(['open', 'opened', 'message now']);
	});

	it('ends with close, though a message that waited closes the socket', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes } = noting(opening.promise);
		const { session, socket } = create({
			...handler,
			message(peer, message) {
				notes.push(`message ${message.text()}`);
				if (message.text() === 'quit') peer.close();
			}
		});
		// As uWS does: the end is reported inside the call that asks for it.
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		session.message('quit');
		session.message('more');
		opening.resolve();
		await settled();
		expect(notes.slice(0, 3)).toEqual(['open', 'opened', 'message quit']);
		expect(notes.at(-1)).toBe('close 1000 ');
		expect(notes.filter((note) => note.startsWith('close'))).toHaveLength(1);
	});

	it('waits for the promise of open, though another realm has made it', async () => {
		const opening = foreignPromise();
		const { handler, notes } = noting();
		const { session, socket } = create({ ...handler, open: () => opening.promise });
		session.open(socket);
		session.message('1');
		await settled();
		expect(notes).toEqual([]);
		opening.resolve();
		await settled();
		expect(notes).toEqual(['message 1']);
	});

	it('does not wait for a message hook before the next message', () => {
		const seen: string[] = [];
		const { session, socket } = create({
			async message(_, message) {
				seen.push(message.text());
				await new Promise(() => {});
			}
		});
		session.open(socket);
		session.message('1');
		session.message('2');
		expect(seen).toEqual(['1', '2']);
	});

	it('needs no hooks', () => {
		const { session, socket, log } = create({});
		session.open(socket);
		session.message('1');
		session.drain();
		session.close(1000, '');
		expect(log.errors).toEqual([]);
	});

	it('ends inside open where open closes it', () => {
		const { handler, notes } = noting();
		const { session, socket } = create({
			...handler,
			open(peer) {
				peer.close(4000, 'no');
				notes.push(`state ${peer.readyState}`);
			}
		});
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		expect(notes).toEqual(['state 3', 'close 4000 no']);
	});

	it('leaves alone a socket that never opened', () => {
		const { handler, notes } = noting();
		const { session } = create(handler);
		session.close(1006, '');
		expect(notes).toEqual([]);
	});
});

describe('the peer of a session', () => {
	it('is who the upgrade said, the same for every hook', () => {
		const peers: unknown[] = [];
		const { session, socket } = create({
			open: (peer) => void peers.push(peer),
			message: (peer) => void peers.push(peer),
			drain: (peer) => void peers.push(peer),
			close: (peer) => void peers.push(peer)
		});
		session.open(socket);
		session.message('1');
		session.drain();
		session.close(1000, '');
		expect(peers).toHaveLength(4);
		expect(new Set(peers).size).toBe(1);
		expect(peers[0]).toMatchObject(identity);
	});

	it('is in the registry from open until the socket has ended', () => {
		const sizes: number[] = [];
		const { session, socket, registry } = create({
			open: () => void sizes.push(registry.size),
			close: () => void sizes.push(registry.size)
		});
		session.open(socket);
		expect([...registry.peers]).toHaveLength(1);
		session.close(1000, '');
		expect(sizes).toEqual([1, 0]);
	});

	it('is out of the registry at once, though close still waits for open', async () => {
		const { session, socket, registry } = create({ open: () => new Promise(() => {}) });
		session.open(socket);
		session.close(1006, '');
		expect(registry.size).toBe(0);
		await settled();
	});

	it('is closed before the close hook is called', () => {
		const states: number[] = [];
		const { session, socket } = create({ close: (peer) => void states.push(peer.readyState) });
		session.open(socket);
		session.close(1000, '');
		expect(states).toEqual([3]);
	});
});

type Hook = 'open' | 'message' | 'drain' | 'close';

const ways: [how: string, fail: (error: unknown) => Promise<void>][] = [
	[
		'throws',
		(error) => {
			throw error;
		}
	],
	['rejects', (error) => Promise.reject(error)]
];

const failures = (['open', 'message', 'drain', 'close'] as const).flatMap((hook) =>
	ways.map(([how, fail]): [Hook, string, (error: unknown) => Promise<void>] => [hook, how, fail])
);

/** Every event once. */
async function live(session: Session, socket: FakeSocket): Promise<void> {
	session.open(socket);
	session.message('1');
	session.drain();
	session.close(1000, '');
	await settled();
}

describe('a hook that fails', () => {
	it.each(failures)('goes to error with its peer: %s %s', async (hook, _, fail) => {
		const failure = new Error('it broke');
		const errors: unknown[] = [];
		const { session, socket, log } = create({
			[hook]: () => fail(failure),
			error: (peer, error) => void errors.push([peer.url, error])
		});
		await live(session, socket);
		expect(errors).toEqual([[identity.url, failure]]);
		expect(log.errors).toEqual([]);
	});

	it.each(failures)('goes to the log if there is no error hook: %s %s', async (hook, _, fail) => {
		const failure = new Error('it broke');
		const { session, socket, log } = create({ [hook]: () => fail(failure) });
		await live(session, socket);
		expect(log.errors).toEqual([
			{ what: `The websocket hook ${hook} of /chat/[room] failed`, error: failure }
		]);
	});

	it.each(failures)('keeps no other hook from being called: %s %s', async (hook, _, fail) => {
		const { handler, notes } = noting();
		const { session, socket } = create({ ...handler, [hook]: () => fail(new Error('it broke')) });
		await live(session, socket);
		const all = ['open', 'message 1', 'drain', 'close 1000 '];
		expect(notes).toEqual(all.filter((note) => !note.startsWith(hook)));
	});

	it.each(ways)('goes to the log if the error hook fails on it: %s', async (_, fail) => {
		const first = new Error('it broke');
		const second = new Error('and again');
		const { session, socket, log } = create({
			message: () => Promise.reject(first),
			error: () => fail(second)
		});
		await live(session, socket);
		expect(log.errors).toEqual([
			{ what: 'The websocket hook message of /chat/[room] failed', error: first },
			{ what: 'The websocket hook error of /chat/[room] failed on that', error: second }
		]);
	});

	it('goes to error though what it threw is nothing', async () => {
		const errors: unknown[] = [];
		const { session, socket } = create({
			message: () => Promise.reject(undefined),
			error: (_, error) => void errors.push(error)
		});
		await live(session, socket);
		expect(errors).toEqual([undefined]);
	});

	it('goes to error though another realm has made its promise', async () => {
		const failure = new Error('it broke');
		const errors: unknown[] = [];
		const { session, socket } = create({
			message() {
				const { promise, reject } = foreignPromise();
				reject(failure);
				return promise;
			},
			error: (_, error) => void errors.push(error)
		});
		await live(session, socket);
		expect(errors).toEqual([failure]);
	});

	it('leaves other sockets alone', () => {
		const failing = create({
			message() {
				throw new Error('it broke');
			}
		});
		const { handler, notes } = noting();
		const other = create(handler);
		failing.session.open(failing.socket);
		other.session.open(other.socket);
		failing.session.message('x');
		other.session.message('y');
		expect(notes).toEqual(['open', 'message y']);
		expect(failing.socket.closed).toEqual([]);
	});
});

describe('messages that come before open is done', () => {
	it('may be as many bytes as the limit', () => {
		const { session, socket, log } = create(
			{ open: () => new Promise(() => {}) },
			{ maxEarly: 10 }
		);
		session.open(socket);
		session.message('12345');
		session.message(new Uint8Array(5));
		expect(socket.closed).toEqual([]);
		expect(log.warnings).toEqual([]);
	});

	it('close the socket with 1008 above it, and say so in the log', () => {
		const { session, socket, log } = create(
			{ open: () => new Promise(() => {}) },
			{ maxEarly: 10 }
		);
		session.open(socket);
		session.message('12345');
		session.message(new Uint8Array(6));
		expect(socket.closed).toEqual([{ code: 1008, reason: expect.any(String) }]);
		expect(log.warnings).toEqual([{ what: expect.any(String), value: '/chat/[room]' }]);
	});

	it('are counted in bytes, not in characters', () => {
		const { session, socket } = create({ open: () => new Promise(() => {}) }, { maxEarly: 10 });
		session.open(socket);
		session.message('é'.repeat(6));
		expect(socket.closed).toMatchObject([{ code: 1008 }]);
	});

	it('close the socket once, whatever still comes', () => {
		const { session, socket, log } = create(
			{ open: () => new Promise(() => {}) },
			{ maxEarly: 10 }
		);
		session.open(socket);
		for (let count = 0; count < 100; count += 1) session.message('x'.repeat(11));
		expect(socket.closed).toHaveLength(1);
		expect(log.warnings).toHaveLength(1);
	});

	it('are given nowhere once there were too many', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes } = noting(opening.promise);
		const { session, socket } = create(handler, { maxEarly: 10 });
		session.open(socket);
		session.message('x'.repeat(11));
		opening.resolve();
		await settled();
		expect(notes).toEqual(['open', 'opened']);
	});

	it('have no limit once open is done', () => {
		const { handler, notes } = noting();
		const { session, socket } = create(handler, { maxEarly: 10 });
		session.open(socket);
		session.message('x'.repeat(1000));
		expect(notes).toHaveLength(2);
		expect(socket.closed).toEqual([]);
	});
});

describe('a heartbeat', () => {
	const sent = (socket: FakeSocket) => socket.sent.map(({ data }) => data);

	it('is answered while messages wait for open, and says then that none has reached the app', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes } = noting(opening.promise);
		const { session, socket } = create(handler, { heartbeat: 30_000 });
		session.open(socket);
		session.message('1');
		session.message('\u00161');
		expect(sent(socket)).toEqual(['\u001630000', '\u00160']);
		opening.resolve();
		await settled();
		session.message('\u00161');
		expect(sent(socket)).toEqual(['\u001630000', '\u00160', '\u00161']);
		expect(notes).toEqual(['open', 'opened', 'message 1']);
	});

	it('is a message like any other where nobody has asked for it', () => {
		const { handler, notes } = noting();
		const { session, socket } = create(handler);
		session.open(socket);
		session.message('\u00161');
		expect(socket.sent).toEqual([]);
		expect(notes).toEqual(['open', 'message \u00161']);
	});
});
