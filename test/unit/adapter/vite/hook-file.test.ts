import { join } from 'node:path';
import { createServer } from 'vite';
import { describe, expect, it } from 'vitest';
import {
	findFile,
	hookFilePlugin,
	hookModule,
	isAppFile,
	unreadExports
} from '../../../../adapter/vite/hook-file.ts';
import { findSockets } from '../../support/app.ts';
import { tempFolder, type TempFolder } from '../../support/folder.ts';

/** What the module exports in the app of a folder. */
async function load(folder: TempFolder): Promise<Record<string, unknown>> {
	await using server = await createServer({
		root: folder.path,
		configFile: false,
		logLevel: 'silent',
		server: { middlewareMode: true, ws: false, watch: null },
		plugins: [hookFilePlugin(findSockets)]
	}).then((created) => ({ created, [Symbol.asyncDispose]: () => created.close() }));
	return (await server.created.ssrLoadModule(hookModule)) as Record<string, unknown>;
}

describe('a file of the app', () => {
	it.each(['src/websocket.ts', 'src/websocket.js', 'src/websocket/index.ts'])(
		'is found as %s',
		(file) => {
			using folder = tempFolder({ [file]: '' });
			expect(findFile(folder.path, 'src/websocket')).toBe(join(folder.path, file));
		}
	);

	it.each(['src/live', 'src/live.ts', './src/live'])('is found by the name %s', (name) => {
		using folder = tempFolder({ 'src/live.ts': '', 'src/websocket.ts': '' });
		expect(findFile(folder.path, name)).toBe(join(folder.path, 'src/live.ts'));
	});

	it('is the one in TypeScript where both are there', () => {
		using folder = tempFolder({ 'src/websocket.ts': '', 'src/websocket.js': '' });
		expect(findFile(folder.path, 'src/websocket')).toBe(join(folder.path, 'src/websocket.ts'));
	});

	it('is known by the paths at which it would be found, and by no others', () => {
		const is = (path: string) => isAppFile('/app', 'src/websocket', path);
		for (const end of ['.ts', '.js', '/index.ts', '/index.js']) {
			expect(is(`/app/src/websocket${end}`)).toBe(true);
		}
		for (const path of ['/app/src/websocket', '/app/src/websocket.css', '/src/websocket.ts']) {
			expect(is(path)).toBe(false);
		}
	});

	it('may be missing', () => {
		using folder = tempFolder({ 'src/websocket.css': '' });
		expect(findFile(folder.path, 'src/websocket')).toBeUndefined();
	});
});

describe('the module that the server loads', () => {
	const hook = { 'src/websocket.ts': 'export const websocket: object = { open() {} };' };

	it('exports what the hook file exports', async () => {
		using folder = tempFolder(hook);
		expect(await load(folder)).toMatchObject({ websocket: { open: expect.any(Function) } });
	});

	it('exports the param matchers of the app with it', async () => {
		using folder = tempFolder({ ...hook, 'src/params.ts': 'export const params = { a: 1 };' });
		expect(await load(folder)).toMatchObject({ websocket: {}, matchers: { a: 1 } });
	});

	it('exports nothing of the app without a hook file, and says so', async () => {
		using folder = tempFolder({ 'src/params.ts': 'export const params = { a: 1 };' });
		expect({ ...(await load(folder)) }).toEqual({ isAbsent: true });
	});
});

describe('exports of the hook file that nobody reads', () => {
	it('are named, with what to do', () => {
		const said = unreadExports('src/websocket', ['websocket', 'reroute', 'handle', 'matchers']);
		expect(said).toContain('src/websocket exports what nobody reads (handle, reroute).');
		expect(said).toContain('move the rest to a module of its own');
	});

	it.each([[[]], [['websocket']], [['matchers', 'websocket']]])('are none among %j', (names) => {
		expect(unreadExports('src/websocket', names)).toBeUndefined();
	});
});
