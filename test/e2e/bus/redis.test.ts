import { runRedis, type RunningRedis } from '../../support/redis.ts';
import { processesSuite } from './suite.ts';

let redis: RunningRedis | undefined;

processesSuite({
	name: 'redis',
	engines: ['uws', 'node', 'bun'],
	async start() {
		redis = await runRedis();
		return { BUS_URL: redis.url };
	},
	stop: async () => redis?.[Symbol.asyncDispose](),
	breakDown: async () => redis?.broker.kill(),
	recover: async () => redis?.broker.start()
});
