import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { kitModules } from '../../rollup.config.js';

/** As `vitest.config.ts`, but without the apps, and with less patience: most mutations are found by what never happens. */
export default defineConfig({
	root: fileURLToPath(new URL('../..', import.meta.url)),
	resolve: { alias: kitModules },
	test: {
		include: ['test/**/*.test.ts'],
		testTimeout: 15_000,
		hookTimeout: 30_000,
		maxWorkers: 2,
		expect: { poll: { timeout: 8_000 } }
	}
});
