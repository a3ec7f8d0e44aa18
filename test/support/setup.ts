import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { variants } from '../conformance/websocket/subject.ts';
import { findChromium } from './chromium.ts';
import { findNats } from './nats.ts';
import { findNginx } from './nginx.ts';
import { findRedis } from './redis.ts';
import { kit2App, kit2Chat, kit2Vite, prepareKit2 } from './kit2.ts';

interface App {
	folder: string;
	/** The ways in which it is built; one with the name undefined where there is only one. */
	variants: readonly (string | undefined)[];
	vite: string;
}

const only = [undefined];
const ownVite = join(
	dirname(createRequire(import.meta.url).resolve('vite/package.json')),
	'bin/vite.js'
);

/** The apps that more than one test runs, each with the package as it is now. The longest ones come first. */
const apps: App[] = [
	{ folder: 'test/conformance/websocket/fixtures/app', variants, vite: ownVite },
	{ folder: kit2App, variants, vite: kit2Vite },
	{ folder: 'examples/chat', variants: only, vite: ownVite },
	{ folder: 'test/conformance/libraries/fixtures/app', variants: only, vite: ownVite },
	{ folder: 'examples/jobs', variants: only, vite: ownVite },
	{ folder: 'examples/editor', variants: only, vite: ownVite },
	{ folder: 'examples/custom-server', variants: only, vite: ownVite },
	{ folder: 'test/e2e/fixtures/client', variants: only, vite: ownVite },
	{ folder: 'test/e2e/fixtures/custom', variants: only, vite: ownVite },
	{ folder: 'test/e2e/fixtures/live', variants: only, vite: ownVite },
	{ folder: 'test/e2e/fixtures/faults', variants: only, vite: ownVite },
	{ folder: kit2Chat, variants: only, vite: kit2Vite }
];

/** How many apps are built at the same time. */
const builders = 2;

/** Before any test: what the tests need from the system is there, and the apps are built. */
export default async function setup(): Promise<void> {
	findChromium();
	findNginx();
	findRedis();
	findNats();
	prepareKit2();
	const waiting = [...apps];
	const work = async () => {
		for (let app = waiting.shift(); app; app = waiting.shift()) await build(app);
	};
	await Promise.all(Array.from({ length: builders }, work));
}

/** One variant after the other: all of them write to the same place first. */
async function build({ folder, variants: names, vite }: App): Promise<void> {
	for (const variant of names) {
		await promisify(execFile)(process.execPath, [vite, 'build'], {
			cwd: folder,
			// vitest sets NODE_ENV to test, and Vite would build something that no user runs.
			env: { ...process.env, NODE_ENV: 'production', VARIANT: variant }
		});
	}
}
