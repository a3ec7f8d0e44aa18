import { AsyncLocalStorage } from 'node:async_hooks';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Registry } from '../../../../src/server/registry/registry.ts';
import type { SocketContext } from '../../../../src/server/socket/context.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { Session } from '../../../../src/server/socket/session.ts';
import { FakeEngine, FakeSocket } from '../../support/engine.ts';
import { FakeLog } from '../../support/log.ts';
import { identity, plainContext } from '../../support/peers.ts';

/** A session of this handler, not open yet. */
function create(
	handler: AnyHandler,
	{
		maxWaiting = 1000,
		heartbeat = undefined as number | undefined,
		isTold = false,
		context = plainContext,
		closeOnBackpressureLimit = false
	} = {}
) {
	const registry = new Registry();
	const log = new FakeLog();
	const socket = new FakeSocket();
	const route = { id: '/chat/[room]', handler };
	const session = new Session(
		{
			route,
			context,
			settings: { registry, log, maxWaiting, maxPayload: 5000, closeOnBackpressureLimit }
		},
		{ identity, heartbeat, isTold }
	);
	return { session, registry, log, socket, route };
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

	const later = failures.filter(([hook]) => hook !== 'open');

	it.each(later)('keeps no other hook from being called: %s %s', async (hook, _, fail) => {
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

	it.each(ways)('has a stack that names the sources wherever it goes: %s', async (_, fail) => {
		const seen: string[] = [];
		const { session, socket, log } = create({
			message: fail,
			error: (_peer, error) => void seen.push(log.mapped.includes(error) ? 'mapped' : 'not mapped')
		});
		session.open(socket);
		session.message('1');
		await settled();
		expect(seen).toEqual(['mapped']);
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

describe('the async context of a hook', () => {
	const user = new AsyncLocalStorage<string>();
	const contextOf = (name: string): SocketContext => ({
		...plainContext,
		run: (call) => user.run(name, call)
	});

	/** A session whose hooks and listeners note in whose context they run. */
	function named(name: string, rest: AnyHandler = {}) {
		const notes: string[] = [];
		const note = (what: string) => notes.push(`${what} ${user.getStore() ?? 'nobody'}`);
		const fail = (what: string) => {
			note(what);
			throw new Error(what);
		};
		const handler: AnyHandler = {
			async open(peer) {
				note('open');
				peer.addEventListener('message', () => void note('heard message'));
				peer.addEventListener('close', () => void note('heard close'));
				peer.addEventListener('error', () => void note('heard error'));
				peer.signal.addEventListener('abort', () => void note('abort'));
				await settled();
				note('opened');
			},
			message: () => fail('message'),
			drain: () => void note('drain'),
			close: () => void note('close'),
			error: () => void note('error'),
			...rest
		};
		return { ...create(handler, { context: contextOf(name) }), notes };
	}

	it('is that of the upgrade, in every one of them, whoever causes it', async () => {
		const { session, socket, notes } = named('Ada');
		await user.run('Grace', async () => {
			session.open(socket);
			session.message('early');
			session.drain();
			await settled();
			await settled();
			session.message('late');
			session.drain();
			session.close(1000, '');
			expect(user.getStore()).toBe('Grace');
		});
		const message = ['message', 'error', 'heard error', 'heard message'];
		const expected = [
			'open',
			'opened',
			...message,
			'drain',
			...message,
			'drain',
			'abort',
			'close',
			'heard close'
		];
		expect(notes).toEqual(expected.map((what) => `${what} Ada`));
	});

	it('is that of the one who is closed, not that of the one who closes', async () => {
		const ada = named('Ada');
		ada.socket.onClose = (code, reason) => ada.session.close(code, reason);
		const grace = named('Grace', {
			message() {
				for (const peer of ada.registry.peers) peer.close();
				grace.notes.push(`after ${user.getStore()}`);
			}
		});
		ada.session.open(ada.socket);
		grace.session.open(grace.socket);
		await settled();
		await settled();
		grace.session.message('close her');
		expect(grace.notes).toContain('after Grace');
		expect(ada.notes.slice(-3)).toEqual(['abort Ada', 'close Ada', 'heard close Ada']);
	});

	it('is kept by messages that wait for one another', async () => {
		const turn = Promise.withResolvers<void>();
		const { session, socket, notes } = named('Ada', {
			ordered: true,
			message: (_, message) => {
				notes.push(`${message.text()} ${user.getStore()}`);
				return turn.promise;
			}
		});
		session.open(socket);
		await settled();
		await settled();
		for (const text of ['1', '2']) user.run('Grace', () => session.message(text));
		user.run('Linus', () => session.close(1000, ''));
		turn.resolve();
		await settled();
		expect(notes.every((line) => line.endsWith(' Ada'))).toBe(true);
		expect(notes.at(-1)).toBe('close Ada');
	});
});

describe('an error of a hook in an app with handleError', () => {
	/** What happened in which order, with a `handleError` that notes, and does what it is told besides. */
	function reporting(handler: AnyHandler, then: () => unknown = () => {}) {
		const notes: string[] = [];
		const report = (error: unknown) => {
			notes.push(`handleError ${String(error)}`);
			return then();
		};
		const note = (text: string) => void notes.push(text);
		return { ...create(handler, { context: { ...plainContext, report } }), notes, note };
	}

	it.each(failures)('reaches it once, and no line is logged: %s %s', async (hook, _, fail) => {
		const { session, socket, notes, log } = reporting({ [hook]: () => fail('it broke') });
		await live(session, socket);
		expect(notes).toEqual(['handleError it broke']);
		expect(log.errors).toEqual([]);
	});

	it.each(failures)('reaches it once, after the error hook: %s %s', async (hook, _, fail) => {
		const { session, socket, notes, note, log } = reporting({
			[hook]: () => fail('it broke'),
			async error(_peer, error) {
				note(`error ${String(error)}`);
				await settled();
				note('error done');
			}
		});
		await live(session, socket);
		await settled();
		expect(notes).toEqual(['error it broke', 'error done', 'handleError it broke']);
		expect(log.errors).toEqual([]);
	});

	it.each(ways)('reaches it where a listener has failed: %s', async (_, fail) => {
		const { session, socket, notes } = reporting({
			open(peer) {
				peer.addEventListener('message', () => fail('a message listener'));
				peer.addEventListener('close', () => fail('a close listener'));
			}
		});
		await live(session, socket);
		expect(notes).toEqual(['handleError a message listener', 'handleError a close listener']);
	});

	it.each(ways)('reaches it with what the error hook itself has thrown: %s', async (_, fail) => {
		const { session, socket, notes, log } = reporting({
			message: () => Promise.reject('first'),
			error: () => fail('second')
		});
		await live(session, socket);
		expect(notes).toEqual(['handleError first', 'handleError second']);
		expect(log.errors).toEqual([]);
	});

	it.each(ways)('reaches it once where the error hook throws it again: %s', async (_, fail) => {
		const { session, socket, notes } = reporting({
			message: () => Promise.reject('first'),
			error: (_peer, error) => fail(error)
		});
		await live(session, socket);
		expect(notes).toEqual(['handleError first']);
	});

	it.each(ways)('is in the log with what handleError has thrown: %s', async (_, fail) => {
		const failure = new Error('it broke');
		const second = new Error('a tracker broke');
		const { session, socket, log } = reporting(
			{ message: () => Promise.reject(failure), error() {} },
			() => fail(second)
		);
		await live(session, socket);
		expect(log.errors).toEqual([
			{ what: 'The websocket hook message of /chat/[room] failed', error: failure },
			{ what: 'handleError failed on that', error: second }
		]);
	});

	it('reaches it for a socket whose open hook has failed, before that is closed', async () => {
		const { session, socket, notes, note } = reporting({
			open: () => Promise.reject('it broke'),
			close: () => note('close')
		});
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		await settled();
		expect(notes).toEqual(['handleError it broke', 'close']);
	});
});

describe('messages that come before open is done', () => {
	const never: AnyHandler = { open: () => new Promise(() => {}) };

	it('may take as many bytes as the limit', () => {
		const { session, socket, log } = create(never, { maxWaiting: 2 * (256 + 5) });
		session.open(socket);
		session.message('12345');
		session.message(new Uint8Array(5));
		expect(socket.closed).toEqual([]);
		expect(log.warnings).toEqual([]);
	});

	it('close the socket with 1008 above it, and say so in the log', () => {
		const { session, socket, log } = create(never, { maxWaiting: 2 * (256 + 5) });
		session.open(socket);
		session.message('12345');
		session.message(new Uint8Array(6));
		expect(socket.closed).toEqual([{ code: 1008, reason: expect.any(String) }]);
		expect(log.warnings).toEqual([
			{ what: 'A socket sent too much while its open hook was not done', value: '/chat/[room]' }
		]);
	});

	it('are counted in bytes, not in characters', () => {
		const { session, socket } = create(never, { maxWaiting: 256 + 10 });
		session.open(socket);
		session.message('\u00e9'.repeat(6));
		expect(socket.closed).toMatchObject([{ code: 1008 }]);
	});

	it.each([
		['text', ''],
		['binary', new Uint8Array(0)]
	])('count though they are empty: %s', (_, empty) => {
		const { session, socket } = create(never, { maxWaiting: 1024 * 1024 });
		session.open(socket);
		for (let count = 0; count < 4096; count += 1) session.message(empty);
		expect(socket.closed).toEqual([]);
		session.message(empty);
		expect(socket.closed).toMatchObject([{ code: 1008 }]);
	});

	it('close the socket once, whatever still comes', () => {
		const { session, socket, log } = create(never, { maxWaiting: 10 });
		session.open(socket);
		for (let count = 0; count < 100; count += 1) session.message('x'.repeat(11));
		expect(socket.closed).toHaveLength(1);
		expect(log.warnings).toHaveLength(1);
	});

	it('are given nowhere once there were too many', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes } = noting(opening.promise);
		const { session, socket } = create(handler, { maxWaiting: 10 });
		session.open(socket);
		session.message('x'.repeat(11));
		opening.resolve();
		await settled();
		session.message('x');
		expect(notes).toEqual(['open', 'opened']);
	});

	it('have no limit once open is done', () => {
		const { handler, notes } = noting();
		const { session, socket } = create(handler, { maxWaiting: 10 });
		session.open(socket);
		session.message('x'.repeat(1000));
		expect(notes).toHaveLength(2);
		expect(socket.closed).toEqual([]);
	});
});

describe('an open hook that fails', () => {
	/** A session whose `open` fails when it is told to, on an engine that reports the end at once. */
	function failing(how: string) {
		const notes: string[] = [];
		const opening = Promise.withResolvers<void>();
		const made = create({
			open() {
				if (how === 'throws') throw new Error('it broke');
				return opening.promise;
			},
			message: () => void notes.push('message'),
			drain: () => void notes.push('drain'),
			close: (peer, { code }) => void notes.push(`close ${code} ${peer.readyState}`),
			error: (peer, error) => void notes.push(`error ${String(error)} ${peer.readyState}`)
		});
		made.socket.onClose = (code, reason) => made.session.close(code, reason);
		const fail = () => how === 'rejects' && opening.reject(new Error('it broke'));
		return { ...made, notes, fail };
	}

	it.each(['throws', 'rejects'])(
		'goes to error, then the peer is closed with 1011 and close is called once: %s',
		async (how) => {
			const { session, socket, notes, fail } = failing(how);
			session.open(socket);
			fail();
			await settled();
			expect(socket.closed).toEqual([{ code: 1011, reason: 'The socket could not be opened' }]);
			session.close(1011, '');
			expect(notes).toEqual(['error Error: it broke 1', 'close 1011 3']);
		}
	);

	it.each(['throws', 'rejects'])('lets no message through, early or late: %s', async (how) => {
		const { session, socket, notes, fail } = failing(how);
		// As an engine does that waits for the other end.
		socket.onClose = () => {};
		session.open(socket);
		session.message('early');
		session.drain();
		fail();
		await settled();
		session.message('late');
		session.drain();
		session.close(1011, '');
		expect(notes).toEqual(['error Error: it broke 1', 'close 1011 3']);
	});

	it('is told how its socket has ended, where that was before', async () => {
		const { session, socket, notes, fail } = failing('rejects');
		session.open(socket);
		session.message('early');
		session.close(1006, '');
		fail();
		await settled();
		expect(notes).toEqual(['error Error: it broke 3', 'close 1006 3']);
	});

	it('closes the peer where nobody handles the error, too', async () => {
		const { session, socket, log } = create({ open: () => Promise.reject(new Error('it broke')) });
		session.open(socket);
		await settled();
		expect(socket.closed).toMatchObject([{ code: 1011 }]);
		expect(log.errors).toHaveLength(1);
	});

	it('keeps the code of a peer that it has closed itself', () => {
		const notes: string[] = [];
		const { session, socket } = create({
			open(peer) {
				peer.close(4001, 'full');
				throw new Error('it broke');
			},
			close: (_, { code }) => void notes.push(`close ${code}`)
		});
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		expect(socket.closed).toHaveLength(1);
		expect(notes).toEqual(['close 4001']);
	});
});

describe('the end of a socket whose open hook still runs', () => {
	it('aborts the signal and is heard by listeners at once; the hook waits', async () => {
		const opening = Promise.withResolvers<void>();
		const notes: string[] = [];
		const { session, socket } = create({
			open(peer) {
				peer.signal.addEventListener('abort', () => notes.push(`abort ${peer.readyState}`));
				peer.addEventListener('close', ({ code, reason }) => notes.push(`heard ${code} ${reason}`));
				return opening.promise;
			},
			close: () => void notes.push('close')
		});
		session.open(socket);
		expect(notes).toEqual([]);
		session.close(4000, 'bye');
		expect(notes).toEqual(['abort 3', 'heard 4000 bye']);
		opening.resolve();
		await settled();
		expect(notes).toEqual(['abort 3', 'heard 4000 bye', 'close']);
	});

	it('is heard inside of the call that closes it', () => {
		const notes: string[] = [];
		const { session, socket } = create({
			open(peer) {
				peer.signal.addEventListener('abort', () => notes.push('abort'));
				peer.addEventListener('close', () => notes.push('heard'));
				peer.close();
				notes.push('opened');
			},
			close: () => void notes.push('close')
		});
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		expect(notes).toEqual(['abort', 'heard', 'opened', 'close']);
	});

	it('is heard with the hook by who begins to listen after it', async () => {
		const opening = Promise.withResolvers<void>();
		const notes: string[] = [];
		const { session, socket } = create({
			async open(peer) {
				await opening.promise;
				notes.push(`aborted ${peer.signal.aborted}`);
				peer.addEventListener('close', ({ code }) => notes.push(`heard ${code}`));
			},
			close: () => void notes.push('close')
		});
		session.open(socket);
		session.close(1006, '');
		opening.resolve();
		await settled();
		expect(notes).toEqual(['aborted true', 'close', 'heard 1006']);
	});

	it('ends a subscription that was given the signal', async () => {
		const notes: string[] = [];
		const { session, socket, registry } = create({
			async open(peer) {
				const messages = registry.subscribe('news', { signal: peer.signal });
				for await (const message of messages) notes.push(message.text());
				notes.push('loop ended');
			},
			close: () => void notes.push('close')
		});
		registry.attach(new FakeEngine());
		session.open(socket);
		registry.publish('news', '1');
		await settled();
		session.close(1006, '');
		await settled();
		expect(notes).toEqual(['1', 'loop ended', 'close']);
	});

	it('leaves listeners that fail to error, as hooks', () => {
		const errors: unknown[] = [];
		const { session, socket } = create({
			open(peer) {
				peer.addEventListener('close', () => {
					throw new Error('a listener broke');
				});
				return new Promise(() => {});
			},
			error: (_, error) => void errors.push(error)
		});
		session.open(socket);
		session.close(1006, '');
		expect(errors).toEqual([new Error('a listener broke')]);
	});
});

describe('ordered messages', () => {
	/** Hooks that take until they are told to end, one after the other. */
	function slow(rest: AnyHandler = {}) {
		const notes: string[] = [];
		const turns: PromiseWithResolvers<void>[] = [];
		const handler: AnyHandler = {
			ordered: true,
			message(_, message) {
				notes.push(`begin ${message.text()}`);
				const turn = Promise.withResolvers<void>();
				turns.push(turn);
				return turn.promise.finally(() => void notes.push(`end ${message.text()}`));
			},
			close: () => void notes.push('close'),
			drain: () => void notes.push('drain'),
			error: () => void notes.push('error'),
			...rest
		};
		const next = async (error?: unknown) => {
			if (error === undefined) turns.shift()?.resolve();
			else turns.shift()?.reject(error);
			await settled();
		};
		return { handler, notes, next };
	}

	it('are given one at a time, and close comes after the last', async () => {
		const { handler, notes, next } = slow();
		const { session, socket } = create(handler);
		session.open(socket);
		for (const text of ['1', '2', '3']) session.message(text);
		session.close(1000, '');
		expect(notes).toEqual(['begin 1']);
		await next();
		await next();
		expect(notes).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3']);
		await next();
		expect(notes.slice(-2)).toEqual(['end 3', 'close']);
		expect(notes.filter((note) => note === 'close')).toHaveLength(1);
	});

	it('go on after one that fails', async () => {
		const { handler, notes, next } = slow();
		const { session, socket } = create(handler);
		session.open(socket);
		for (const text of ['1', '2']) session.message(text);
		await next(new Error('it broke'));
		expect(notes).toEqual(['begin 1', 'end 1', 'error', 'begin 2']);
	});

	it('wait for listeners as well', async () => {
		const listening = Promise.withResolvers<void>();
		const notes: string[] = [];
		const { session, socket } = create({
			ordered: true,
			open(peer) {
				peer.addEventListener('message', ({ data }) => {
					notes.push(`heard ${String(data)}`);
					return listening.promise;
				});
			},
			message: (_, message) => void notes.push(`message ${message.text()}`)
		});
		session.open(socket);
		for (const text of ['1', '2']) session.message(text);
		expect(notes).toEqual(['message 1', 'heard 1']);
		listening.resolve();
		await settled();
		expect(notes).toEqual(['message 1', 'heard 1', 'message 2', 'heard 2']);
	});

	it('wait for no drain, and drain for no message', () => {
		const { handler, notes } = slow();
		const { session, socket } = create(handler);
		session.open(socket);
		session.message('1');
		session.drain();
		expect(notes).toEqual(['begin 1', 'drain']);
	});

	it('are given at once while nothing has to be awaited', () => {
		const { handler, notes } = noting();
		const { session, socket } = create({ ...handler, ordered: true });
		session.open(socket);
		session.message('1');
		session.message('2');
		session.close(1000, '');
		expect(notes).toEqual(['open', 'message 1', 'message 2', 'close 1000 ']);
	});

	it('that came before open was done are ordered, too', async () => {
		const opening = Promise.withResolvers<void>();
		const { handler, notes, next } = slow({ open: () => opening.promise });
		const { session, socket } = create(handler);
		session.open(socket);
		for (const text of ['1', '2']) session.message(text);
		opening.resolve();
		await settled();
		session.message('3');
		expect(notes).toEqual(['begin 1']);
		await next();
		await next();
		expect(notes.at(-1)).toBe('begin 3');
	});

	it('close the socket with 1008 where too many wait; those that do are still given', async () => {
		const { handler, notes, next } = slow();
		const { session, socket, log } = create(handler, { maxWaiting: 2 * 256 + 20 });
		socket.onClose = (code, reason) => session.close(code, reason);
		session.open(socket);
		for (const text of ['1', '2', '3', 'x'.repeat(21), '4']) session.message(text);
		expect(socket.closed).toEqual([{ code: 1008, reason: 'Too many messages are waiting' }]);
		expect(log.warnings).toEqual([
			{ what: 'A socket sent too much while its message hook was not done', value: '/chat/[room]' }
		]);
		for (let count = 0; count < 4; count += 1) await next();
		expect(notes.filter((note) => !note.startsWith('end'))).toEqual([
			'begin 1',
			'begin 2',
			'begin 3',
			'close'
		]);
	});

	it('may be as large as one message may be while none waits', () => {
		const { handler, notes } = slow();
		const { session, socket } = create(handler, { maxWaiting: 10 });
		session.open(socket);
		session.message('x'.repeat(1000));
		expect(notes).toHaveLength(1);
		expect(socket.closed).toEqual([]);
	});

	it('stop waiting where the handler is replaced by one that wants no order', async () => {
		const { handler, notes, next } = slow();
		const { session, socket, route } = create(handler);
		session.open(socket);
		for (const text of ['1', '2', '3']) session.message(text);
		route.handler = { ...handler, ordered: false };
		await next();
		expect(notes).toEqual(['begin 1', 'end 1', 'begin 2', 'begin 3']);
	});

	it('abort the signal of a socket that ends, though one is under way', () => {
		const { handler, notes } = slow({
			open: (peer) => peer.signal.addEventListener('abort', () => notes.push('abort'))
		});
		const { session, socket } = create(handler);
		session.open(socket);
		session.message('1');
		session.close(1006, '');
		expect(notes).toEqual(['begin 1', 'abort']);
	});
});

describe('a server that leaves', () => {
	const open = (isTold: boolean) => {
		const { handler, notes } = noting();
		const { session, socket, registry } = create(handler, { heartbeat: 30_000, isTold });
		session.open(socket);
		const [peer] = registry.peers;
		socket.sent.length = 0;
		socket.onClose = (...how) => session.close(...how);
		return { session, socket, peer, notes };
	};

	it('says so to clients that have asked', () => {
		const { socket, peer } = open(true);
		expect(peer?.part(1500)).toBe(true);
		expect(socket.sent).toEqual([{ data: '\u0016-1500', compress: false }]);
		expect(peer?.readyState).toBe(1);
	});

	it('says nothing to others', () => {
		const { socket, peer } = open(false);
		expect(peer?.part(1500)).toBe(false);
		expect(socket.sent).toEqual([]);
	});

	it('takes what is lost for what is not understood', () => {
		const { socket, peer } = open(true);
		socket.result = 'dropped';
		expect(peer?.part(1500)).toBe(false);
		expect(peer?.isParting).toBe(false);
	});

	it('closes whoever says that there is no other server, and shows the app nothing of it', () => {
		const { session, socket, peer, notes } = open(true);
		session.message('\u0016-1500');
		expect(socket.closed).toEqual([]);
		peer?.part(1500);
		session.message('text');
		session.message('\u0016-1500');
		expect(socket.closed).toEqual([{ code: 1001, reason: 'Server is shutting down' }]);
		expect(notes).toEqual(['open', 'message text', 'close 1001 Server is shutting down']);
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

	it('says that not everything has reached the app while an ordered message waits', async () => {
		const turn = Promise.withResolvers<void>();
		const { session, socket } = create(
			{ ordered: true, message: () => turn.promise },
			{ heartbeat: 30_000 }
		);
		session.open(socket);
		session.message('1');
		session.message('\u00161');
		session.message('2');
		session.message('\u00162');
		turn.resolve();
		await settled();
		session.message('\u00163');
		expect(sent(socket)).toEqual(['\u001630000', '\u00161', '\u00160', '\u00163']);
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

describe('a slow peer', () => {
	it('is a line in the log when it loses its first message, and goes on', () => {
		const { handler, notes } = noting();
		const { session, socket, log } = create(handler);
		session.open(socket);
		socket.bufferedAmount = 1234;
		session.overflow();
		session.message('1');
		expect(log.warnings).toEqual([
			{
				what: expect.stringContaining('websocket.maxBackpressure'),
				value: '/chat/[room], 1234 bytes are queued for it'
			}
		]);
		expect(socket.closed).toEqual([]);
		expect(notes).toEqual(['open', 'message 1']);
	});

	it('is closed, to come back, where the app wants that', () => {
		const details: unknown[] = [];
		const { session, socket, log } = create(
			{ close: (_, ending) => void details.push(ending) },
			{ closeOnBackpressureLimit: true }
		);
		socket.onClose = (code, reason, cause) => session.close(code, reason, cause);
		session.open(socket);
		session.overflow();
		expect(details).toEqual([{ code: 1013, reason: 'Too slow', cause: 'backpressure' }]);
		expect(log.warnings).toHaveLength(1);
	});

	it('knows how many messages it has lost, also when it has ended', () => {
		const dropped: number[] = [];
		const { session, socket } = create({
			message: (peer) => void dropped.push(peer.dropped),
			close: (peer) => void dropped.push(peer.dropped)
		});
		session.open(socket);
		session.message('1');
		socket.dropped = 3;
		session.message('2');
		session.close(1006, '');
		expect(dropped).toEqual([0, 3, 3]);
	});
});

describe('the cause of an end', () => {
	it.each(['too_big', 'invalid', 'idle', 'backpressure'] as const)(
		'goes to the hook and to listeners: %s',
		(cause) => {
			const details: unknown[] = [];
			const { session, socket } = create({
				open: (peer) => peer.addEventListener('close', (event) => details.push(event)),
				close: (_, ending) => void details.push(ending)
			});
			session.open(socket);
			session.close(1006, '', cause);
			const ending = { code: 1006, reason: '', cause };
			expect(details).toEqual([ending, { type: 'close', ...ending }]);
		}
	);

	it('is not there where the client has left, or the app has ended it', () => {
		const details: object[] = [];
		const { session, socket, log } = create({ close: (_, ending) => void details.push(ending) });
		session.open(socket);
		session.close(1000, 'bye');
		expect(details.map((ending) => Object.keys(ending))).toEqual([['code', 'reason']]);
		expect(log.warnings).toEqual([]);
	});

	it('is a line in the log if a message was too large: which path, which limit', () => {
		const { session, socket, log } = create({});
		session.open(socket);
		session.close(1006, '', 'too_big');
		expect(log.warnings).toEqual([
			{ what: expect.stringContaining('websocket.maxPayload'), value: '/chat/[room], 5000 bytes' }
		]);
	});
});
