import { defineConfig } from 'vitest/config';

/** `npm run test:versions`: once per release, since it installs what it tests from the npm registry. */
export default defineConfig({
	test: {
		include: ['test/versions/*.versions.ts'],
		testTimeout: 180_000,
		hookTimeout: 300_000,
		// each test, and the versions that were installed
		reporters: ['verbose'],
		disableConsoleIntercept: true
	}
});
