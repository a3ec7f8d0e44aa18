import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Registry } from '../../../src/server/registry/registry.ts';
import { Requests } from '../../../src/server/requests.ts';
import { shutDown } from '../../../src/server/shutdown.ts';
import { FakeEngine, type FakeSocket } from '../support/engine.ts';
import { fakePeer } from '../support/peers.ts';

/** Seconds that no test waits for. */
const never = 30;
/** Seconds after which a test that waits for the timeout goes on. */
const soon = 0.3;
/** Milliseconds that the last bytes have to leave. */
const grace = 100;

function server() {
	const engine = new FakeEngine();
	const registry = new Registry();
	registry.attach(engine);
	const cut: unknown[] = [];
	const cutEventStreams = (reason: unknown) => void cut.push(reason);
	const requests = new Requests();
	return {
		engine,
		registry,
		requests,
		cut,
		options: { engine, registry, requests, pace: { perSecond: 1000 }, cutEventStreams }
	};
}

/** Connected peers that stay until they leave by `leave`. */
function connect(registry: Registry, count: number): FakeSocket[] {
	return Array.from({ length: count }, () => {
		const { peer, socket } = fakePeer(registry);
		registry.add(peer);
		return socket;
	});
}

/** As `connect`, but the engine reports the end of a socket as soon as it is asked for it, as uWS does. */
function connectPolite(registry: Registry, count: number): FakeSocket[] {
	return Array.from({ length: count }, () => {
		const { peer, socket } = fakePeer(registry);
		registry.add(peer);
		socket.onClose = () => {
			peer.markClosed();
			registry.remove(peer);
		};
		return socket;
	});
}

/** Twice as long as a shutdown takes where nothing comes. */
async function untilNothingComes(): Promise<void> {
	for (let count = 0; count < 2; count += 1) {
		await shutDown({ ...server().options, timeout: never });
	}
}

const codes = (sockets: FakeSocket[]) =>
	new Set(sockets.map(({ closed }) => closed.map(({ code }) => code).join()));

describe('shutDown', () => {
	it('stops accepting first and cuts last, also where there is nothing to wait for', async () => {
		const { engine, options } = server();
		const done = shutDown({ ...options, timeout: never });
		expect(engine.calls).toEqual(['stop']);
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('has the patience for connections that are kept where there may be some, and time for it', async () => {
		const patience = async (timeout: number, isUsed: boolean, inStep?: () => Promise<void>) => {
			const { engine, requests, options } = server();
			const stop = vi.spyOn(engine, 'stop');
			if (isUsed) void requests.track(Promise.resolve());
			await shutDown({ ...options, timeout, inStep });
			return stop.mock.calls;
		};
		expect(await patience(never, true)).toEqual([[1000, undefined]]);
		expect(await patience(never, false)).toEqual([[0, undefined]]);
		expect(await patience(2, true)).toEqual([[500, undefined]]);
		expect(await patience(0, true)).toEqual([[0, undefined]]);
		// those of the others may come here
		const inStep = () => Promise.resolve();
		expect(await patience(never, false, inStep)).toEqual([[1000, inStep]]);
	});

	it('ends nothing and closes nobody before the engine has stopped', async () => {
		const { engine, registry, cut, options } = server();
		const stopped = Promise.withResolvers<void>();
		vi.spyOn(engine, 'stop').mockReturnValue(stopped.promise);
		const [socket] = connectPolite(registry, 1);
		const next = registry.subscribe('news').next();
		const done = shutDown({ ...options, timeout: never });
		await new Promise((resolve) => setImmediate(resolve));
		// Who was sent away would come back to a server that still accepts.
		expect(cut).toEqual([]);
		expect(socket?.closed).toEqual([]);
		stopped.resolve();
		await done;
		expect(await next).toMatchObject({ done: true });
		expect(socket?.closed).toHaveLength(1);
	});

	it('waits for the requests that are under way', async () => {
		const { engine, requests, options } = server();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const done = shutDown({ ...options, timeout: never });
		await untilNothingComes();
		expect(engine.calls).toEqual(['stop']);
		answer.resolve();
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('leaves the last bytes of an answer their time, whenever it ends', async () => {
		const { engine, requests, options } = server();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const done = shutDown({ ...options, timeout: never });
		await sleep(grace / 2);
		const answered = performance.now();
		answer.resolve();
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
		expect(performance.now() - answered).toBeGreaterThan(grace * 0.9);
	});

	it('closes every socket with 1001', async () => {
		const { registry, options } = server();
		const sockets = connectPolite(registry, 3);
		await shutDown({ ...options, timeout: never });
		expect(codes(sockets)).toEqual(new Set(['1001']));
		expect(registry.size).toBe(0);
	});

	it('waits until what was queued for sockets has left', async () => {
		const { engine, registry, options } = server();
		connectPolite(registry, 3);
		engine.leaving = 2;
		const done = shutDown({ ...options, timeout: never });
		await expect.poll(() => registry.size).toBe(0);
		expect(engine.calls).toEqual(['stop']);
		engine.leaving = 0;
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('does not wait for it longer than for anything else', async () => {
		const { engine, options } = server();
		engine.leaving = 1;
		await shutDown({ ...options, timeout: soon });
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('spreads the closing of many sockets, so that their clients do not all return at once', async () => {
		const { registry, options } = server();
		const sockets = connectPolite(registry, 450);
		const done = shutDown({ ...options, timeout: never });
		await new Promise((resolve) => setImmediate(resolve));
		const closedAtOnce = sockets.filter(({ closed }) => closed.length > 0).length;
		expect(closedAtOnce).toBeGreaterThan(0);
		expect(closedAtOnce).toBeLessThan(450);
		const started = performance.now();
		await expect.poll(() => codes(sockets), { interval: 1 }).toEqual(new Set(['1001']));
		expect(performance.now() - started).toBeGreaterThan(90);
		await done;
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('closes every socket with 1001, though the clients of the first ones take their time', async () => {
		const { registry, options } = server();
		const sockets = connect(registry, 450);
		await shutDown({ ...options, timeout: soon });
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('cuts what is left when the time is up', async () => {
		const { engine, registry, requests, options } = server();
		connect(registry, 1);
		requests.track(new Promise(() => {}));
		await shutDown({ ...options, timeout: 0 });
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('closes sockets with 1001 before it cuts them, where there is no time at all', async () => {
		const { registry, options } = server();
		const sockets = connect(registry, 250);
		await shutDown({ ...options, timeout: 0 });
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('closes a socket with 1001 that opens when it is about to cut', async () => {
		const { registry, options } = server();
		const done = shutDown({ ...options, timeout: never });
		await sleep(grace / 2);
		const sockets = connectPolite(registry, 1);
		await done;
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('does not keep the process alive when it is done before the timeout', async () => {
		const timers = () =>
			process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
		const before = timers();
		await shutDown({ ...server().options, timeout: never });
		expect(timers()).toBeLessThanOrEqual(before);
	});

	it('cuts event streams and then ends subscriptions when it has stopped, before it waits for requests', async () => {
		const { engine, registry, requests, cut, options } = server();
		const order: string[] = [];
		requests.track(new Promise(() => {}));
		const endSubscriptions = registry.endSubscriptions.bind(registry);
		registry.endSubscriptions = () => {
			order.push('subscriptions');
			endSubscriptions();
		};
		const cutEventStreams = (reason: unknown) => {
			order.push(...engine.calls, 'event streams');
			options.cutEventStreams(reason);
		};
		await shutDown({ ...options, cutEventStreams, timeout: soon });
		// The registry ends them once more when it is left.
		expect(order).toEqual(['stop', 'event streams', 'subscriptions', 'subscriptions']);
		expect(cut).toMatchObject([{ name: 'AbortError', message: 'The server is shutting down' }]);
	});

	it('closes a socket with 1001 that opens while requests are finished', async () => {
		const { registry, requests, options } = server();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const done = shutDown({ ...options, timeout: never });
		await new Promise((resolve) => setImmediate(resolve));
		const sockets = connectPolite(registry, 1);
		answer.resolve();
		await done;
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('waits for a request that comes on an open connection when it is about to cut', async () => {
		const { engine, requests, options } = server();
		const first = Promise.withResolvers<void>();
		const second = Promise.withResolvers<void>();
		requests.track(first.promise);
		const done = shutDown({ ...options, timeout: never });
		void first.promise.then(() => requests.track(second.promise));
		first.resolve();
		await untilNothingComes();
		expect(engine.calls).toEqual(['stop']);
		second.resolve();
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('ends at once what subscribes while it lasts', async () => {
		const { registry, requests, options } = server();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const done = shutDown({ ...options, timeout: never });
		expect(await registry.subscribe('news').next()).toEqual({ done: true, value: undefined });
		answer.resolve();
		await done;
	});

	it('ends the subscriptions of the app', async () => {
		const { registry, options } = server();
		const next = registry.subscribe('news').next();
		await shutDown({ ...options, timeout: never });
		expect(await next).toEqual({ done: true, value: undefined });
	});

	it('leaves a registry that can be used without harm', async () => {
		const { engine, registry, options } = server();
		await shutDown({ ...options, timeout: never });
		registry.publish('news', 'late');
		expect(engine.published).toEqual([]);
	});

	it('closes the sockets whose session another process has, and waits for them', async () => {
		const { options } = server();
		const closed: number[] = [];
		let size = 1;
		const guests = {
			get size() {
				return size;
			},
			arrivals: 1,
			open: () => (closed.length > 0 ? [] : [{ close: (code: number) => closed.push(code) }])
		};
		let isDone = false;
		const done = shutDown({ ...options, guests, timeout: never }).then(() => (isDone = true));
		await untilNothingComes();
		expect([closed, isDone]).toEqual([[1001], false]);
		size = 0;
		await done;
	});
});
