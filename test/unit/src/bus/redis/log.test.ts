import { expect, it } from 'vitest';
import { RedisLog } from '../../../../../src/server/bus/redis/log.ts';

const limits = { size: 10, bytes: 1000, ttl: 60 };
const entries = [{ data: 'a', compress: false, author: '' }];

/** The part of a Redis that has a clock, which may be wrong, and a run. */
class FakeRedis {
	ahead = 0;
	run = 'first';
	/** What was asked, without the script. */
	readonly asked: string[][] = [];
	/** Errors that come first. */
	readonly errors: string[] = [];
	readonly log = new RedisLog(
		async (_, command) => this.#answer(command.map(String)),
		'p/',
		'redis'
	);

	async #answer([name = '', script = '', ...args]: string[]): Promise<unknown> {
		this.asked.push([name, ...args]);
		const error = this.errors.shift();
		if (error !== undefined) throw new Error(error);
		const now = Date.now() + this.ahead;
		const isAppend = args.length > 11;
		if (isAppend && now > Number(args[9])) throw new Error('LATE it has come too late');
		expect(script).not.toBe('');
		return [this.run, 'epoch', '1', String(now)].map((each) => Buffer.from(each));
	}
}

const append = ({ log }: FakeRedis, topic: string) => log.append(topic, entries, limits, 1000);

it('knows the clock of who has a topic before it says when it is too late', async () => {
	const redis = new FakeRedis();
	redis.ahead = 1e9;
	expect(await append(redis, 'a')).toMatchObject([{ offset: 1, epoch: 'epoch' }]);
	redis.ahead = -1e9;
	expect(await append(redis, 'b')).toMatchObject([{ offset: 1 }]);
	expect(redis.asked).toHaveLength(4);
	await append(redis, 'b');
	expect(redis.asked).toHaveLength(5);
});

it('asks for the clock again when it was set', async () => {
	const redis = new FakeRedis();
	await append(redis, 'a');
	redis.ahead = 60_000;
	await expect(append(redis, 'a')).rejects.toThrow('LATE');
	expect(await append(redis, 'a')).toMatchObject([{ offset: 1 }]);
});

it('says which run it takes the server for, as far as it knows', async () => {
	const redis = new FakeRedis();
	await redis.log.read('a', 0, limits);
	await redis.log.read('a', 0, limits);
	redis.run = 'second';
	await redis.log.read('a', 0, limits);
	await redis.log.read('a', 0, limits);
	expect(redis.asked.map((args) => args[5])).toEqual(['', 'first', 'first', 'second']);
});

it('sends the script where the server does not have it, and asks again where it is not ready yet', async () => {
	const redis = new FakeRedis();
	redis.errors.push('NOSCRIPT No matching script', 'LOADING Redis is loading', 'CLUSTERDOWN');
	expect(await redis.log.read('a', 0, limits)).toMatchObject({ epoch: 'epoch' });
	expect(redis.asked.map(([name]) => name)).toEqual(['EVALSHA', 'EVAL', 'EVALSHA', 'EVALSHA']);
});

it('gives limits that have no end as numbers', async () => {
	const redis = new FakeRedis();
	await redis.log.read('a', 0, { size: Infinity, bytes: Infinity, ttl: Infinity });
	expect(redis.asked[0]?.slice(6, 10).every((each) => /^\d+$/.test(each))).toBe(true);
});
