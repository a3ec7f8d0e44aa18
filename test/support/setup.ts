import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { findChromium } from './chromium.ts';

/** Before any test: what the tests need from the system is there, and the example is built with the package as it is. */
export default function setup(): void {
	findChromium();
	// vitest sets NODE_ENV to test, and Vite would build something that no user runs.
	const env = { ...process.env, NODE_ENV: 'production' };
	execFileSync('npm', ['run', 'build', '-w', 'examples/chat'], { stdio: 'pipe', env });
}
