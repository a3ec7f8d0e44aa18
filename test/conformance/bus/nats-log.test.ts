import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAddress } from '../../../src/server/bus/broker/address.ts';
import { loadPackage } from '../../../src/server/bus/broker/package.ts';
import { BrokerTransport } from '../../../src/server/bus/broker/transport.ts';
import { createNatsBroker } from '../../../src/server/bus/nats/index.ts';
import { Inbox } from '../../../src/server/bus/nats/inbox.ts';
import { JetStream, type StreamInfo } from '../../../src/server/bus/nats/jetstream.ts';
import type { Nats } from '../../../src/server/bus/nats/options.ts';
import { sweep } from '../../../src/server/bus/nats/sweep.ts';
import { TopicBus } from '../../../src/server/bus/topic-bus.ts';
import { runNats } from '../../support/nats.ts';
import { logOf, textsOf } from './log-suite.ts';
import { Member } from './member.ts';

const limits = { size: 100, bytes: 1024 * 1024, ttl: 60 };
const entry = (data: string) => ({ data, compress: false, author: '' });

const nats = await loadPackage<Nats>('@nats-io/transport-node', 'BUS_URL', () => true);

const prefix = 'svelte-adapter-ws';

async function open(url: string): Promise<Member> {
	return Member.open({
		create(options, log) {
			const broker = createNatsBroker(nats, parseAddress(url, 'BUS_URL'), prefix);
			return new TopicBus(new BrokerTransport(broker, log), options, log);
		},
		listeners: () => Promise.reject(new Error('Nobody asks')),
		[Symbol.asyncDispose]: async () => {}
	});
}

/** Somebody who looks after the server. */
async function admin(url: string) {
	const { host } = new URL(url);
	const connection = await nats.connect({ servers: host, user: 'tester', pass: 'secret' });
	const jetStream = new JetStream(nats, new Inbox(connection), 'nats');
	return {
		jetStream,
		async streams() {
			return (await jetStream.ask<{ streams: string[] | null }>('STREAM.NAMES')).streams ?? [];
		},
		[Symbol.asyncDispose]: () => connection.close()
	};
}

it('says that there is no history for all where JetStream is not enabled, and carries messages', async () => {
	await using server = await runNats({ jetStream: false });
	await using alice = await open(server.url);
	await using bob = await open(server.url);
	const refusal = { code: 'history_unshared', message: expect.stringContaining('JetStream') };
	await expect(logOf(alice).prepare()).rejects.toMatchObject(refusal);
	await expect(logOf(alice).append('a', entry('1'), limits)).rejects.toMatchObject(refusal);
	await expect(logOf(alice).read('a', 0, limits)).rejects.toMatchObject(refusal);
	bob.bus.subscribe('a');
	await bob.hears(alice, 'a');
	expect(alice.lines).toEqual([]);
});

it('says the same where its user may not ask JetStream, or has no inbox', async () => {
	for (const subjects of [
		[`${prefix}.>`, '_INBOX.>'],
		[`${prefix}.>`, '$JS.API.>']
	]) {
		await using server = await runNats({ subjects });
		await using alice = await open(server.url);
		const refusal = { code: 'history_unshared', message: expect.stringMatching(/permission/i) };
		await expect(logOf(alice).prepare()).rejects.toMatchObject(refusal);
		await expect(logOf(alice).append('a', entry('1'), limits)).rejects.toThrow();
		expect(alice.bus.state).toBe('connected');
		expect(alice.lines).toEqual([]);
	}
});

it('needs no more than the documented rights', async () => {
	const api = ['INFO', 'STREAM.LIST', 'STREAM.*.*', 'DIRECT.GET.*'].map(
		(each) => `$JS.API.${each}`
	);
	await using server = await runNats({ subjects: [`${prefix}.>`, '_INBOX.>', ...api] });
	await using alice = await open(server.url);
	await logOf(alice).prepare();
	await logOf(alice).append('a', entry('1'), limits);
	await logOf(alice).append('a', entry('2'), { ...limits, size: 5 });
	expect(textsOf(await logOf(alice).read('a', 0, limits))).toEqual(['1', '2']);
	expect(alice.lines).toEqual([]);
});

it('makes a stream when something is to be remembered, and none before', async () => {
	await using server = await runNats();
	await using alice = await open(server.url);
	await using bob = await open(server.url);
	await using looker = await admin(server.url);
	bob.bus.subscribe('a');
	await bob.hears(alice, 'a');
	await logOf(alice).prepare();
	expect(await looker.streams()).toEqual([]);
	await logOf(alice).append('a', entry('1'), limits);
	expect(await looker.streams()).toEqual([expect.stringMatching(/^svelte-adapter-ws_\w+$/)]);
});

it('begins numbers anew where somebody has deleted the stream, and goes on where it was emptied', async () => {
	await using server = await runNats();
	await using alice = await open(server.url);
	await using bob = await open(server.url);
	await using looker = await admin(server.url);
	const first = await logOf(alice).append('a', entry('1'), limits);
	await logOf(bob).append('a', entry('2'), limits);
	const [name = ''] = await looker.streams();
	await looker.jetStream.ask('STREAM.PURGE', name);
	expect(await logOf(alice).read('a', 0, limits)).toMatchObject({
		...pick(first),
		last: 2,
		entries: []
	});
	expect(await logOf(alice).append('a', entry('3'), limits)).toMatchObject({
		...pick(first),
		offset: 3
	});
	await looker.jetStream.ask('STREAM.DELETE', name);
	const after = await Promise.all(
		['4', '5', '6'].map((text) => logOf(alice).append('a', entry(text), limits))
	);
	expect(after.map(({ offset }) => offset)).toEqual([1, 2, 3]);
	expect(after[0]?.epoch).not.toBe(first.epoch);
	// One who has not noticed it publishes under the epoch that was.
	expect(await logOf(bob).append('a', entry('7'), limits)).toMatchObject({
		epoch: after[0]?.epoch,
		offset: 4
	});
	expect(textsOf(await logOf(bob).read('a', 0, limits))).toEqual(['4', '5', '6', '7']);
});

const pick = ({ epoch }: { epoch: string }) => ({ epoch });

it.each(['append', 'read'] as const)(
	'begins numbers anew where the server comes back with an older state, which %s notices',
	async (how) => {
		await using server = await runNats();
		await using alice = await open(server.url);
		const { broker } = server;
		const restart = async (prepareFolder: () => void) => {
			await broker.kill();
			prepareFolder();
			await broker.start();
			await expect.poll(() => alice.bus.state).toBe('connected');
		};
		const [state, copy] = [join(broker.folder, 'jetstream'), join(broker.folder, 'copy')];
		const { epoch } = await logOf(alice).append('a', entry('1'), limits);
		await restart(() => cpSync(state, copy, { recursive: true }));
		expect(await logOf(alice).append('a', entry('lost'), limits)).toMatchObject({
			epoch,
			offset: 2
		});
		await restart(() => {
			rmSync(state, { recursive: true });
			cpSync(copy, state, { recursive: true });
		});
		if (how === 'append') await logOf(alice).append('a', entry('2'), limits);
		const extent = await logOf(alice).read('a', 0, limits);
		expect(extent.epoch).not.toBe(epoch);
		expect(textsOf(extent)).toEqual(how === 'append' ? ['2'] : []);
	}
);

it('keeps no more than about twice the bytes on disk, and nothing is set aside for them', async () => {
	await using server = await runNats();
	await using alice = await open(server.url);
	await using looker = await admin(server.url);
	const bounds = { ...limits, bytes: 10_000 };
	const sizes: number[] = [];
	for (let index = 0; index < 95; index += 1) {
		await logOf(alice).append('a', entry('x'.repeat(1000)), bounds);
		const [name = ''] = await looker.streams();
		const { state } = await looker.jetStream.ask<StreamInfo>('STREAM.INFO', name);
		sizes.push(state.messages);
	}
	expect(Math.max(...sizes)).toBeLessThan(60);
	const extent = await logOf(alice).read('a', 0, bounds);
	expect(extent.entries.map(({ offset }) => offset)).toEqual(
		Array.from({ length: 10 }, (_, index) => 86 + index)
	);
	const [name = ''] = await looker.streams();
	expect(await looker.jetStream.ask('STREAM.INFO', name)).toMatchObject({
		config: { max_bytes: -1 }
	});
});

it('deletes streams that have long been empty, and no others', async () => {
	await using server = await runNats();
	await using alice = await open(server.url);
	await using looker = await admin(server.url);
	const log = logOf(alice);
	for (const topic of ['empty', 'filled']) await log.read(topic, 0, limits);
	await log.append('filled', entry('1'), { ...limits, ttl: 1e6 });
	await looker.jetStream.ask('STREAM.CREATE', 'other', { name: 'other', subjects: ['other'] });
	const now = Date.now();
	await sweep(looker.jetStream, `${prefix}.log.>`, now);
	expect(await looker.streams()).toHaveLength(3);
	await sweep(looker.jetStream, `${prefix}.log.>`, now + 100_000_000);
	expect(await looker.streams()).toHaveLength(2);
	expect(textsOf(await log.read('filled', 0, { ...limits, ttl: 1e6 }))).toEqual(['1']);
	expect(await log.append('empty', entry('1'), limits)).toMatchObject({ offset: 1 });
});
