import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filesOf, type Files } from './dev-app.ts';

const sv = fileURLToPath(new URL('../../node_modules/sv/dist/bin.mjs', import.meta.url));

/** What `npx sv create` makes for somebody who takes what it proposes: an app of SvelteKit 2. */
export async function createApp(): Promise<Files> {
	const folder = await mkdtemp(join(tmpdir(), 'sv-'));
	const choices = ['--template', 'minimal', '--types', 'ts', '--no-add-ons', '--no-install'];
	await promisify(execFile)(process.execPath, [sv, 'create', ...choices, 'app'], { cwd: folder });
	const files = await filesOf(join(folder, 'app'));
	await rm(folder, { recursive: true });
	return files;
}

/** The same in the form of SvelteKit 3, as the next version of `sv` writes it. */
export function toKit3(files: Files): Files {
	const manifest = JSON.parse(files['package.json'] ?? '') as object;
	const changed = Object.entries(files).map(([file, content]) => [
		file,
		content.replaceAll('$lib', '#lib')
	]);
	return {
		...(Object.fromEntries(changed) as Files),
		'package.json': JSON.stringify({
			...manifest,
			imports: { '#lib': './src/lib/index.js', '#lib/*': './src/lib/*' }
		}),
		'tsconfig.json': JSON.stringify({
			extends: '$app/tsconfig',
			compilerOptions: { strict: true },
			include: ['src', 'vite.config.ts']
		})
	};
}
