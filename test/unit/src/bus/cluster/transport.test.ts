import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { maxBehind } from '../../../../../src/server/bus/cluster/connection.ts';
import { ownPlace, preparePlace } from '../../../../../src/server/bus/cluster/place.ts';
import { Router } from '../../../../../src/server/bus/cluster/router.ts';
import { Member } from './support.ts';

async function routed(): Promise<{ place: string; router: Router } & Disposable> {
	const place = ownPlace();
	preparePlace(place);
	const router = new Router();
	await router.listen(place);
	return { place, router, [Symbol.dispose]: () => router.close() };
}

describe('the transport between workers', () => {
	it('carries frames to who listens, in order, and not back', async () => {
		using at = await routed();
		await using one = await Member.open(at.place);
		await using two = await Member.open(at.place);
		await using three = await Member.open(at.place);
		one.listen('news');
		two.listen('news');
		three.listen('else');
		await one.reaches(two);
		await one.reaches(three);
		for (let count = 0; count < 1000; count += 1) one.publish('news', String(count));
		one.publish('else', 'end');
		await two.hears('news: 999');
		await three.hears('else: end');
		expect(two.told.filter((each) => each.startsWith('news'))).toEqual(
			Array.from({ length: 1000 }, (_, count) => `news: ${count}`)
		);
		expect(one.told).toEqual(['connected']);
		expect(three.told.some((each) => each.startsWith('news'))).toBe(false);
	});

	it('carries nothing any more to who does not listen any more', async () => {
		using at = await routed();
		await using one = await Member.open(at.place);
		await using two = await Member.open(at.place);
		two.listen('a', 'b');
		await one.reaches(two);
		two.transport.unlisten(['a']);
		await two.reaches(one);
		one.publish('a', 'lost');
		one.publish('b', 'seen');
		await two.hears('b: seen');
		expect(two.told).not.toContain('a: lost');
	});

	it('carries a frame of many megabytes, and what comes after it', async () => {
		using at = await routed();
		await using one = await Member.open(at.place);
		await using two = await Member.open(at.place);
		two.listen('large');
		await one.reaches(two);
		const text = 'x'.repeat(one.transport.maxFrame);
		one.publish('large', text);
		one.publish('large', 'small');
		await two.hears('large: small');
		expect(two.told).toContain(`large: ${text}`);
	});

	it('says who is gone, and sends on what it has said until then', async () => {
		using at = await routed();
		await using one = await Member.open(at.place);
		const two = await Member.open(at.place);
		one.listen('news');
		await two.reaches(one);
		two.publish('news', 'last words');
		await two.transport.close();
		await one.hears(`left ${two.id}`);
		expect(one.told.indexOf('news: last words')).toBeGreaterThan(-1);
		expect(one.told.at(-1)).toBe(`left ${two.id}`);
	});

	it('goes on trying where there is nobody yet, and listens again when there is', async () => {
		const place = ownPlace();
		preparePlace(place);
		await using one = await Member.open(place);
		await using two = await Member.open(place);
		expect(one.told).toEqual(['disconnected']);
		one.listen('news');
		two.publish('news', 'lost');
		for (let round = 0; round < 2; round += 1) {
			const router = new Router();
			await router.listen(place);
			await one.hears('connected');
			await two.reaches(one);
			two.publish('news', `round ${round}`);
			await one.hears(`news: round ${round}`);
			router.close();
			await expect.poll(() => one.told.at(-1)).toBe('disconnected');
			one.told.length = 0;
		}
	});

	it('cuts a worker that takes nothing, so that nobody takes silence for nothing said', async () => {
		using at = await routed();
		await using one = await Member.open(at.place);
		const stuck = connect(at.place);
		await once(stuck, 'connect');
		stuck.write(Buffer.from([0, 0, 0, 4, 1, 97, 98, 99]));
		stuck.write(Buffer.from([0, 0, 0, 6, 3, 0, 0, 0, 1, 120]));
		await once(stuck, 'readable');
		await using two = await Member.open(at.place);
		two.listen('x');
		await one.reaches(two);
		const text = 'x'.repeat(4 * 1024 * 1024);
		for (let size = 0; size <= 2 * maxBehind; size += text.length) {
			two.told.length = 0;
			one.publish('x', text);
			await two.hears(`x: ${text}`);
			if (one.told.includes('left abc')) break;
		}
		await one.hears('left abc');
		expect(one.told).not.toContain('disconnected');
		stuck.destroy();
		expect(maxBehind).toBeGreaterThan(2 * one.transport.maxFrame);
	});

	it('ends connections of whoever speaks something else', async () => {
		using at = await routed();
		const stranger = connect(at.place, () => stranger.write('GET / HTTP/1.1\r\n\r\n'));
		await once(stranger.resume(), 'close');
		await using one = await Member.open(at.place);
		expect(one.told).toEqual(['connected']);
	});

	it('does not wait for ever for a router that hangs, neither to open nor to close', async () => {
		const place = ownPlace();
		preparePlace(place);
		const server = createServer().listen(place);
		await once(server, 'listening');
		await using one = await Member.open(place);
		expect(one.told).toEqual(['disconnected']);
		server.close();
	});
});
