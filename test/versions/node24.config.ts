import { defineConfig } from 'vitest/config';
import { kitModules } from '../../rollup.config.js';

/** What does not depend on the addon, for a Node that it has no binary for. Each builds the apps that it needs. */
export default defineConfig({
	resolve: { alias: kitModules },
	test: {
		include: ['test/conformance/engine/node*.test.ts', 'test/conformance/fetch/*.test.ts'],
		testTimeout: 60_000,
		hookTimeout: 300_000,
		maxWorkers: 2,
		expect: { poll: { timeout: 30_000 } }
	}
});
