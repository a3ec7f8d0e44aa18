import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What an app has of its own. */
const own = {
	'package.json': '{ "type": "module" }',
	'src/app.d.ts': `
		declare global { namespace App { interface Locals { user?: { name: string } } } }
		export {};`,
	'tsconfig.json': JSON.stringify({
		compilerOptions: {
			target: 'es2023',
			lib: ['es2024', 'dom'],
			module: 'nodenext',
			strict: true,
			noEmit: true,
			skipLibCheck: true,
			types: ['node'],
			allowImportingTsExtensions: true
		}
	})
};

/** The files that a section of the docs shows: each names itself in its first line. */
function shownIn(document: string, heading: string): Record<string, string> {
	const text = readFileSync(join(root, 'docs', document), 'utf8');
	const [, section = ''] = text.split(`\n## ${heading}\n`);
	const [body = ''] = section.split('\n## ');
	const blocks = body.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs);
	return Object.fromEntries([...blocks].map(([, name = '', code = '']) => [name, code]));
}

function run(folder: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
	const env = { ...process.env, NO_COLOR: '1', VITEST: undefined };
	return promisify(execFile)(process.execPath, args, { cwd: folder, env });
}

/** An app of files, with the packages of this project. */
function appOf(files: Record<string, string>) {
	const folder = mkdtempSync(join(tmpdir(), 'docs-'));
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), content);
	}
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What TypeScript says of it. */
async function complaints(folder: string): Promise<string> {
	const tsc = run(folder, join(root, 'node_modules/typescript/bin/tsc'));
	return (await tsc.catch((error: { stdout: string }) => error)).stdout;
}

test('the test that the docs show checks and passes, as the app beside it does', async () => {
	const shown = shownIn('websockets.md', 'Testing');
	expect(Object.keys(shown)).toEqual(['src/websocket.ts', 'src/websocket.test.ts']);
	using app = appOf({ ...own, ...shown });
	expect(await complaints(app.folder)).toBe('');
	const { stdout } = await run(app.folder, join(root, 'node_modules/vitest/vitest.mjs'), 'run');
	expect(stdout).toMatch(/Tests\s+2 passed \(2\)/);
}, 60_000);

test('the page that the docs show has the types of the handler that they show', async () => {
	const server = shownIn('websockets.md', 'Messages with types');
	const client = shownIn('client.md', 'Types');
	expect(Object.keys({ ...server, ...client })).toEqual([
		'src/websocket.ts',
		'src/app.d.ts',
		'src/lib/chat.svelte.ts'
	]);
	const bundled = own['tsconfig.json'].replace(
		'"module":"nodenext"',
		'"module":"esnext","moduleResolution":"bundler"'
	);
	const slip = `
		import { chat } from './chat.svelte';
		// @ts-expect-error: it is called text
		chat.send({ txt: 'hi' });`;
	using app = appOf({
		...own,
		...server,
		...client,
		'tsconfig.json': bundled,
		'src/lib/slip.ts': slip
	});
	expect(await complaints(app.folder)).toBe('');
}, 60_000);
