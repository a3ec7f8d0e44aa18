/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/shutdown.ts',
		name: 'looks from time to time whether requests are under way, instead of waiting for them',
		find: 'await Promise.all([requests.idle(), closeSockets(socketsOf(engine, registry), signal)]);',
		replace: 'await closeSockets(socketsOf(engine, registry), signal);',
		tests: ['test/unit/src/shutdown.test.ts']
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'does not wait for requests',
		find: `	do {
		await Promise.all([requests.idle(), closeSockets(socketsOf(engine, registry), signal)]);
		await sleep(grace);
	} while (!signal.aborted && (requests.areActive || registry.size > 0 || engine.leaving > 0));`,
		replace: `	do {
		await closeSockets(socketsOf(engine, registry), signal);
		await sleep(grace);
	} while (!signal.aborted && (registry.size > 0 || engine.leaving > 0));`,
		tests: ['test/unit/src/shutdown.test.ts'],
		only: 'waits for the requests that are under way'
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts connections right after the last answer',
		find: 'const grace = 100;',
		replace: 'const grace = 0;',
		tests: ['test/unit/src/shutdown.test.ts']
	}
];
