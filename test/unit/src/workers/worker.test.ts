import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { addressOfCustomServer, findCluster } from '../../../../src/server/workers/cluster.ts';
import { workerVariable, type WorkerOrders } from '../../../../src/server/workers/messages.ts';
import { findOwnWorker } from '../../../../src/server/workers/worker.ts';
import { tempFolder } from '../../support/folder.ts';

function beWorker(): EventEmitter & { exitedAfterDisconnect?: boolean } {
	const worker = new EventEmitter();
	Object.assign(cluster, { isWorker: true, worker });
	return worker;
}

const beNone = () => void Object.assign(cluster, { isWorker: false, worker: undefined });

const orders = (parts: Partial<WorkerOrders> = {}) => ({
	[workerVariable]: JSON.stringify({ primary: process.ppid, speaks: true, ...parts })
});

describe('a worker of a primary of ours', () => {
	afterEach(beNone);

	it('finds what it was told, once: what it starts itself is none', () => {
		beWorker();
		const variables = orders({ bus: '/run/bus', port: 8080 });
		const worker = findOwnWorker(variables);
		expect(worker).toMatchObject({ bus: '/run/bus', speaks: true });
		expect(variables).toEqual({});
		expect(findOwnWorker(variables)).toBeUndefined();
	});

	it('is none where the variable was inherited from another process', () => {
		expect(findOwnWorker(orders())).toBeUndefined();
		beWorker();
		expect(findOwnWorker(orders({ primary: 1 + process.ppid }))).toBeUndefined();
	});

	it('shares the port that all of them have, and a unix socket as it is', () => {
		beWorker();
		const worker = findOwnWorker(orders({ port: 8080 }));
		expect(worker?.share({ host: '::', port: 0 })).toEqual({
			host: '::',
			port: 8080,
			isShared: true
		});
		expect(worker?.share({ path: '/run/app.sock' })).toEqual({ path: '/run/app.sock' });
	});

	it('removes the socket of its primary when that was killed, and only then', () => {
		using folder = tempFolder();
		const bus = join(folder.path, 'bus.sock');
		writeFileSync(bus, '');
		const leaving = beWorker();
		findOwnWorker(orders({ bus }));
		leaving.exitedAfterDisconnect = true;
		leaving.emit('disconnect');
		expect(existsSync(bus)).toBe(true);
		const orphan = beWorker();
		findOwnWorker(orders({ bus }));
		orphan.emit('disconnect');
		expect(existsSync(bus)).toBe(false);
	});

	it('stops in step with the others, if that does not take too long', async () => {
		beWorker();
		const sent: unknown[] = [];
		const channel = Object.assign(new EventEmitter(), {
			connected: true,
			send: (message: unknown) => sent.push(message)
		});
		const worker = findOwnWorker(orders(), channel as unknown as NodeJS.Process);
		const hear = (step: number) =>
			channel.emit('message', { type: 'svelte-adapter-ws:step', step });
		let steps = 0;
		const first = worker?.inStep().then(() => (steps += 1));
		expect(sent).toEqual([{ type: 'svelte-adapter-ws:step', step: 1 }]);
		await new Promise(setImmediate);
		expect(steps).toBe(0);
		hear(1);
		await first;
		const second = worker?.inStep();
		hear(1);
		const began = performance.now();
		await second;
		expect(performance.now() - began).toBeGreaterThan(100);
		expect(channel.eventNames()).toEqual([]);
		const third = worker?.inStep();
		channel.emit('disconnect');
		await third;
		channel.connected = false;
		await worker?.inStep();
		expect(sent).toHaveLength(3);
	});
});

describe('where workers meet', () => {
	afterEach(beNone);

	it('is nowhere for a process that is none', () => {
		expect(findCluster(undefined, '/app', '0.0.0.0:3000')).toBeUndefined();
	});

	it('is at the router of a primary of ours, if that has one', () => {
		beWorker();
		const find = (parts: Partial<WorkerOrders>) =>
			findCluster(findOwnWorker(orders(parts)), '/app', '0.0.0.0:3000');
		expect(find({ bus: '/run/bus' })).toEqual({ place: '/run/bus', isElected: false });
		expect(find({})).toBeUndefined();
	});

	it('is the same place for workers of one build and one address, and for no others', () => {
		beWorker();
		const places = [
			['/app', '0.0.0.0:3000'],
			['/app', '0.0.0.0:3000'],
			['/app', '0.0.0.0:3001'],
			['/other', '0.0.0.0:3000'],
			['/app', addressOfCustomServer({ PORT: '3000' })],
			['/app', addressOfCustomServer({ PORT: '3000', name: 'two' })]
		].map(([dir = '', address = '']) => findCluster(undefined, dir, address));
		expect(places.every((each) => each?.isElected)).toBe(true);
		expect(new Set(places.map((each) => each?.place)).size).toBe(5);
	});
});
