import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runApp, type RunningApp } from './server.ts';

/** Inside the project, so that the app finds its packages as any app does. */
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Path and content of files. */
export type Files = Record<string, string>;

/** What an app needs besides what a test is about. */
const minimal: Files = {
	'package.json': '{ "name": "dev-app", "private": true, "type": "module" }',
	'vite.config.ts': `
		import { sveltekit } from '@sveltejs/kit/vite';
		import adapterWs from 'svelte-adapter-ws';
		import { defineConfig } from 'vite';
		export default defineConfig({ plugins: [sveltekit({ adapter: adapterWs() })] });`,
	'src/app.html':
		'<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
	'src/routes/+page.svelte': '<h1>hello</h1>'
};

/** An app that a test may change while Vite serves it. */
export interface EditableApp extends AsyncDisposable {
	readonly folder: string;
	write(file: string, content: string): Promise<void>;
	remove(file: string): Promise<void>;
	/** Run `vite build` there, with more in its environment. What it prints, whether it works or not. */
	build(env?: Record<string, string>): Promise<string>;
	/** Run `vite …` there, on a free port of 127.0.0.1. */
	vite(...args: string[]): Promise<RunningApp>;
}

/** The sources of an app, without what was made of them. */
export async function filesOf(folder: string): Promise<Files> {
	const made = /(^|\/)(build|\.svelte-kit|node_modules)(\/|$)/;
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
		.filter((path) => !made.test(path));
	const read = async (path: string) => [path, await readFile(join(folder, path), 'utf8')] as const;
	return Object.fromEntries(await Promise.all(paths.map(read)));
}

/**
 * @param files besides, or instead of, those of the smallest app there is
 * @param home where its packages are installed
 */
export async function editableApp(files: Files = {}, home = root): Promise<EditableApp> {
	const folders = join(home, '.tmp');
	const vite = join(home, 'node_modules/vite/bin/vite.js');
	await mkdir(folders, { recursive: true });
	const folder = await mkdtemp(join(folders, 'app-'));
	const write = async (file: string, content: string) => {
		await mkdir(dirname(join(folder, file)), { recursive: true });
		await writeFile(join(folder, file), content);
	};
	for (const [file, content] of Object.entries({ ...minimal, ...files }))
		await write(file, content);
	return {
		folder,
		write,
		remove: (file) => unlink(join(folder, file)),
		async build(env = {}) {
			const run = promisify(execFile)(process.execPath, [vite, 'build'], {
				cwd: folder,
				env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', ...env }
			});
			const failed = (error: { stdout: string; stderr: string }) => error;
			const { stdout, stderr } = await run.catch(failed);
			return stdout + stderr;
		},
		vite: (...args) =>
			runApp({
				args: ['--expose-gc', vite, ...args, '--port', '0', '--host', '127.0.0.1'],
				cwd: folder,
				env: { NO_COLOR: '1' }
			}),
		[Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
	};
}
