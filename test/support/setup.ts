import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { findChromium } from './chromium.ts';

/** The apps that more than one test runs, each with the package as it is now. */
const apps = ['examples/chat', 'test/e2e/fixtures/faults'];

/** Before any test: what the tests need from the system is there, and the apps are built. */
export default function setup(): void {
	findChromium();
	const vite = join(
		dirname(createRequire(import.meta.url).resolve('vite/package.json')),
		'bin/vite.js'
	);
	// vitest sets NODE_ENV to test, and Vite would build something that no user runs.
	const env = { ...process.env, NODE_ENV: 'production' };
	for (const cwd of apps)
		execFileSync(process.execPath, [vite, 'build'], { cwd, env, stdio: 'pipe' });
}
