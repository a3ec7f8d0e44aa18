import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { file } from './file.ts';
import type { Sample } from './results.ts';
import { building } from './works.ts';

const folder = new URL('app/', import.meta.url);
const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));

/** Build the app with both adapters, so many times. @returns how long it took */
export async function buildApp(rounds: number): Promise<Sample[]> {
	await mkdir(new URL('static/', folder), { recursive: true });
	await writeFile(new URL(`static${file.path}`, folder), file.text);
	const samples: Sample[] = [];
	for (let round = 1; round <= rounds; round += 1) {
		for (const [adapter, subject] of [
			['node', 'adapter-node'],
			['ws', 'uws']
		] as const) {
			const from = performance.now();
			buildWith(adapter);
			const seconds = (performance.now() - from) / 1000;
			samples.push({ round, subject, work: building, values: { seconds } });
		}
	}
	return samples;
}

function buildWith(adapter: 'node' | 'ws'): void {
	execFileSync(process.execPath, [vite, 'build'], {
		cwd: fileURLToPath(folder),
		env: { ...process.env, ADAPTER: adapter, NODE_ENV: 'production' },
		stdio: ['ignore', 'ignore', 'inherit']
	});
}
