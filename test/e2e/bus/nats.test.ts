import { runNats, type RunningNats } from '../../support/nats.ts';
import { processesSuite } from './suite.ts';

let nats: RunningNats | undefined;

processesSuite({
	name: 'nats',
	engines: ['uws', 'node', 'bun'],
	async start() {
		nats = await runNats();
		return { BUS_URL: nats.url };
	},
	stop: async () => nats?.[Symbol.asyncDispose](),
	breakDown: async () => nats?.broker.kill(),
	recover: async () => nats?.broker.start()
});
