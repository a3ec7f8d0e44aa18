import { execFileSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

/** Before any test: what the tests need from the system is there, and the example is built with the package as it is. */
export default function setup(): void {
	findChromium();
	execFileSync('npm', ['run', 'build', '-w', 'examples/chat'], { stdio: 'pipe' });
}
