import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { clearSocketPath, rememberSocketFile } from '../../../../src/server/engine/socket-file.ts';
import { tempFolder } from '../../support/folder.ts';

/** A server that listens there, until the end of the test. */
async function listening(path: string): Promise<Server & AsyncDisposable> {
	const server = createServer().listen(path);
	await once(server, 'listening');
	return server;
}

/** A script that listens at a path; its last argument says what it does then. */
const listenScript = (path: string, then: string) => [
	'-e',
	`require('net').createServer().listen({ path: ${JSON.stringify(path)}, backlog: 1 }, () => { ${then} })`
];

/** The socket of a process that ended without closing it. */
function leaveSocket(path: string): void {
	spawnSync(process.execPath, listenScript(path, "process.kill(process.pid, 'SIGKILL')"));
}

const inUse = (path: string) => ({
	code: 'listen_failed',
	message: expect.stringContaining(`Cannot listen on ${path} (EADDRINUSE). `)
});

describe('clearSocketPath', () => {
	it('removes the file of a server that is gone', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		leaveSocket(path);
		expect(existsSync(path)).toBe(true);
		await clearSocketPath(path);
		expect(existsSync(path)).toBe(false);
	});

	it('leaves the file of a server that listens, and says so', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		await using server = await listening(path);
		await expect(clearSocketPath(path)).rejects.toMatchObject(inUse(path));
		expect(server.listening).toBe(true);
		expect(existsSync(path)).toBe(true);
	});

	// Elsewhere a connection waits.
	it.runIf(process.platform === 'linux')(
		'leaves the file of a server that is too busy to take a connection',
		async () => {
			using folder = tempFolder();
			const path = join(folder.path, 'app.sock');
			const child = spawn(process.execPath, listenScript(path, "console.log('listens')"));
			await once(child.stdout, 'data');
			child.kill('SIGSTOP');
			const clients = Array.from({ length: 5 }, () => connect({ path }));
			const settled = (client: Socket) =>
				new Promise((resolve) => client.once('connect', resolve).on('error', resolve));
			try {
				await Promise.all(clients.map(settled));
				await expect(clearSocketPath(path)).rejects.toMatchObject(inUse(path));
				expect(existsSync(path)).toBe(true);
			} finally {
				for (const client of clients) client.destroy();
				child.kill('SIGKILL');
			}
		}
	);

	it('leaves what is no socket, whatever it is, and says so', async () => {
		using folder = tempFolder({ 'app.sock': 'a file of the user', 'folder/file': '' });
		const at = (name: string) => join(folder.path, name);
		leaveSocket(at('stale.sock'));
		symlinkSync(at('nowhere'), at('dangling'));
		symlinkSync(at('stale.sock'), at('link'));
		for (const name of ['app.sock', 'folder', 'dangling', 'link']) {
			await expect(clearSocketPath(at(name))).rejects.toMatchObject({
				...inUse(at(name)),
				message: expect.stringContaining('Something is there that is no socket')
			});
			expect(lstatSync(at(name)).isSocket()).toBe(false);
		}
	});

	it('refuses a path that is longer than a socket can have', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'é'.repeat(50));
		await expect(clearSocketPath(path)).rejects.toMatchObject({
			code: 'listen_failed',
			message: expect.stringContaining('(ENAMETOOLONG). The system allows')
		});
	});

	it('leaves the file of a server that has come in the meantime', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		leaveSocket(path);
		const cleared = clearSocketPath(path);
		rmSync(path);
		await using server = await listening(path);
		await expect(cleared).rejects.toMatchObject(inUse(path));
		expect(server.listening).toBe(true);
		expect(existsSync(path)).toBe(true);
	});

	it('does not mind that somebody else has removed it in the meantime', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		leaveSocket(path);
		const cleared = clearSocketPath(path);
		rmSync(path);
		await expect(cleared).resolves.toBeUndefined();
	});

	it('does not mind that there is no file', async () => {
		using folder = tempFolder();
		await expect(clearSocketPath(join(folder.path, 'none.sock'))).resolves.toBeUndefined();
	});
});

describe('rememberSocketFile', () => {
	it('removes the file that was there', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		leaveSocket(path);
		rememberSocketFile(path)();
		expect(existsSync(path)).toBe(false);
	});

	it('leaves the one of somebody else who has put it in its place', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		await using mine = await listening(path);
		await using theirs = await listening(`${path}.new`);
		const remove = rememberSocketFile(path);
		renameSync(`${path}.new`, path);
		remove();
		expect(existsSync(path)).toBe(true);
		expect([mine.listening, theirs.listening]).toEqual([true, true]);
	});

	it('removes it though the app has gone to another folder', () => {
		using folder = tempFolder();
		const before = process.cwd();
		try {
			process.chdir(folder.path);
			leaveSocket('app.sock');
			const remove = rememberSocketFile('app.sock');
			process.chdir(before);
			remove();
			expect(existsSync(join(folder.path, 'app.sock'))).toBe(false);
		} finally {
			process.chdir(before);
		}
	});

	it('does not mind that it is gone', () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		leaveSocket(path);
		const remove = rememberSocketFile(path);
		rmSync(path);
		expect(remove).not.toThrow();
		expect(rememberSocketFile(path)).not.toThrow();
	});
});
