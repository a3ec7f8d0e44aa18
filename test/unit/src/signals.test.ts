import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { App } from '../../../src/server/app.ts';
import type { Config } from '../../../src/server/config.ts';
import { Registry } from '../../../src/server/registry/registry.ts';
import { Pace } from '../../../src/server/pace.ts';
import { Requests } from '../../../src/server/requests.ts';
import { closeOnSignals } from '../../../src/server/signals.ts';
import { FakeEngine } from '../support/engine.ts';
import { fakePeer } from '../support/peers.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];

/** A server that closes on signals, which are sent to it alone. */
function server(config: Partial<Config> = {}) {
	const engine = new FakeEngine();
	const registry = new Registry();
	registry.attach(engine);
	const requests = new Requests();
	const app = { registry, requests, pace: new Pace(), cutEventStreams() {} } as unknown as App;
	const others = new Set(signals.flatMap((signal) => process.listeners(signal)));
	const listeners = (signal: Signal) =>
		process.listeners(signal).filter((listener) => !others.has(listener));
	const announced: unknown[][] = [];
	const onShutdown = (reason: string) => void announced.push([reason, ...engine.calls]);
	const emitter: NodeJS.EventEmitter = process;
	emitter.on('sveltekit:shutdown', onShutdown);
	const options = { shutdownTimeout: 1000, idleTimeout: 0, ...config } as Config;
	const close = closeOnSignals(app, engine, options);
	return {
		engine,
		registry,
		requests,
		announced,
		close,
		listeners,
		send(signal: Signal) {
			for (const listener of listeners(signal)) listener(signal);
		},
		[Symbol.dispose]() {
			emitter.off('sveltekit:shutdown', onShutdown);
			for (const signal of signals)
				for (const listener of listeners(signal)) process.off(signal, listener);
		}
	};
}

describe('a server that gets a signal', () => {
	let exit: MockInstance<typeof process.exit>;
	beforeEach(() => {
		exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
	});
	afterEach(() => void vi.restoreAllMocks());

	it.each(signals)('shuts down, then tells the app: %s', async (signal) => {
		using running = server();
		running.send(signal);
		expect(running.engine.calls).toEqual(['stop']);
		await expect.poll(() => running.announced).toEqual([[signal, 'stop', 'close']]);
		expect(exit).not.toHaveBeenCalled();
	});

	it('leaves the signals that come later to the system', async () => {
		using running = server();
		expect(signals.map((signal) => running.listeners(signal).length)).toEqual([1, 1]);
		running.send('SIGTERM');
		await expect.poll(() => running.announced).toHaveLength(1);
		expect(signals.map((signal) => running.listeners(signal).length)).toEqual([0, 0]);
	});

	it('ends at once at the second one, whichever it is, unless that is the first once more', () => {
		using running = server();
		running.requests.track(new Promise(() => {}));
		const now = vi.spyOn(performance, 'now');
		now.mockReturnValue(1000);
		running.send('SIGTERM');
		now.mockReturnValue(1100);
		running.send('SIGTERM');
		expect(exit).not.toHaveBeenCalled();
		now.mockReturnValue(1101);
		running.send('SIGINT');
		expect(exit).toHaveBeenCalledWith(128 + 2);
		running.send('SIGTERM');
		expect(exit).toHaveBeenLastCalledWith(128 + 15);
	});

	it('closes as on a signal when it is asked to, once, and tells nobody', async () => {
		using running = server();
		await Promise.all([running.close(), running.close()]);
		await running.close();
		running.send('SIGTERM');
		expect([running.engine.calls, running.announced]).toEqual([['stop', 'close'], []]);
	});
});

describe('a server with an idle timeout', () => {
	it('shuts down when nothing is asked for, and nobody is connected', async () => {
		using running = server({ idleTimeout: 0.01 });
		const { peer } = fakePeer(running.registry);
		running.registry.add(peer);
		await running.requests.track(Promise.resolve());
		await sleep(50);
		expect(running.engine.calls).toEqual([]);
		running.registry.remove(peer);
		await expect.poll(() => running.announced).toEqual([['IDLE', 'stop', 'close']]);
	});

	it('of none at all stays', async () => {
		using running = server();
		await running.requests.track(Promise.resolve());
		await sleep(20);
		expect(running.engine.calls).toEqual([]);
	});
});
