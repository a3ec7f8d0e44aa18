import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = new URL('app/', import.meta.url);
const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));

/** Build the app with both adapters. */
export async function buildApp(): Promise<void> {
	await mkdir(new URL('static/', folder), { recursive: true });
	await writeFile(new URL('static/20k.txt', folder), 'Twenty kilobytes of text. '.repeat(788));
	for (const adapter of ['node', 'ws']) {
		execFileSync(process.execPath, [vite, 'build'], {
			cwd: fileURLToPath(folder),
			env: { ...process.env, ADAPTER: adapter, NODE_ENV: 'production' },
			stdio: ['ignore', 'inherit', 'inherit']
		});
	}
}
