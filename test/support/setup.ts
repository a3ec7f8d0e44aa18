import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { variants } from '../conformance/websocket/subject.ts';
import { findChromium } from './chromium.ts';
import { kit2App, kit2Chat, kit2Vite, prepareKit2 } from './kit2.ts';

interface App {
	folder: string;
	/** For an app that is built in several ways. */
	variant?: string;
	/** Of another Vite than this project's. */
	vite?: string;
}

/** The apps that more than one test runs, each with the package as it is now. */
const apps: App[] = [
	{ folder: 'examples/chat' },
	{ folder: 'examples/jobs' },
	{ folder: 'test/e2e/fixtures/client' },
	{ folder: 'test/e2e/fixtures/faults' },
	...variants.map((variant) => ({ folder: 'test/conformance/websocket/fixtures/app', variant })),
	{ folder: kit2Chat, vite: kit2Vite },
	...variants.map((variant) => ({ folder: kit2App, variant, vite: kit2Vite }))
];

/** Before any test: what the tests need from the system is there, and the apps are built. */
export default function setup(): void {
	findChromium();
	prepareKit2();
	const ownVite = join(
		dirname(createRequire(import.meta.url).resolve('vite/package.json')),
		'bin/vite.js'
	);
	// vitest sets NODE_ENV to test, and Vite would build something that no user runs.
	const env = { ...process.env, NODE_ENV: 'production' };
	for (const { folder, variant, vite = ownVite } of apps) {
		execFileSync(process.execPath, [vite, 'build'], {
			cwd: folder,
			env: { ...env, VARIANT: variant },
			stdio: 'pipe'
		});
	}
}
