import { describe, expect, it } from 'vitest';
import { Registry } from '../../../src/server/registry/registry.ts';
import { Requests } from '../../../src/server/requests.ts';
import { shutDown } from '../../../src/server/shutdown.ts';
import { FakeEngine, type FakeSocket } from '../support/engine.ts';
import { fakePeer } from '../support/peers.ts';

/** Seconds that no test waits for. */
const never = 1000;
/** Seconds after which a test that waits for the timeout goes on. */
const soon = 0.3;

function server(): { engine: FakeEngine; registry: Registry; requests: Requests } {
	const engine = new FakeEngine();
	const registry = new Registry();
	registry.attach(engine);
	return { engine, registry, requests: new Requests() };
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

const codes = (sockets: FakeSocket[]) =>
	new Set(sockets.map(({ closed }) => closed.map(({ code }) => code).join()));

describe('shutDown', () => {
	it('stops accepting first and cuts last, also where there is nothing to wait for', async () => {
		const { engine, registry, requests } = server();
		const done = shutDown({ engine, registry, requests, timeout: never });
		expect(engine.calls).toEqual(['stop']);
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('waits for the requests that are under way', async () => {
		const { engine, registry, requests } = server();
		const answer = Promise.withResolvers<void>();
		requests.track(answer.promise);
		const done = shutDown({ engine, registry, requests, timeout: never });
		await new Promise((resolve) => setImmediate(resolve));
		expect(engine.calls).toEqual(['stop']);
		answer.resolve();
		await done;
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('closes every socket with 1001', async () => {
		const { engine, registry, requests } = server();
		const sockets = connectPolite(registry, 3);
		await shutDown({ engine, registry, requests, timeout: never });
		expect(codes(sockets)).toEqual(new Set(['1001']));
		expect(registry.size).toBe(0);
	});

	it('spreads the closing of many sockets, so that their clients do not all return at once', async () => {
		const { engine, registry, requests } = server();
		const sockets = connectPolite(registry, 450);
		const done = shutDown({ engine, registry, requests, timeout: never });
		const closedAtOnce = sockets.filter(({ closed }) => closed.length > 0).length;
		expect(closedAtOnce).toBeGreaterThan(0);
		expect(closedAtOnce).toBeLessThan(450);
		await done;
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('closes every socket with 1001, though the clients of the first ones take their time', async () => {
		const { engine, registry, requests } = server();
		const sockets = connect(registry, 450);
		await shutDown({ engine, registry, requests, timeout: soon });
		expect(codes(sockets)).toEqual(new Set(['1001']));
	});

	it('cuts what is left when the time is up', async () => {
		const { engine, registry, requests } = server();
		connect(registry, 1);
		requests.track(new Promise(() => {}));
		await shutDown({ engine, registry, requests, timeout: 0 });
		expect(engine.calls).toEqual(['stop', 'close']);
	});

	it('ends the subscriptions of the app', async () => {
		const { engine, registry, requests } = server();
		const next = registry.subscribe('news').next();
		await shutDown({ engine, registry, requests, timeout: never });
		expect(await next).toEqual({ done: true, value: undefined });
	});

	it('leaves a registry that can be used without harm', async () => {
		const { engine, registry, requests } = server();
		await shutDown({ engine, registry, requests, timeout: never });
		registry.publish('news', 'late');
		expect(engine.published).toEqual([]);
	});
});
