import { defineConfig } from 'vitest/config';
import { kitModules } from './rollup.config.js';

export default defineConfig({
	resolve: { alias: kitModules },
	test: {
		include: ['test/**/*.test.ts'],
		globalSetup: 'test/support/setup.ts',
		testTimeout: 60_000,
		// two also where there are two cores: much of the time is spent waiting
		maxWorkers: 2,
		// how long a loaded machine may take before a test calls it never
		expect: { poll: { timeout: 30_000 } },
		hookTimeout: 120_000
	}
});
