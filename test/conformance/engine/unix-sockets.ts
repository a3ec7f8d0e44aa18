import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/server/engine/engine.ts';
import { tempFolder } from '../../unit/support/folder.ts';
import type { Subject } from './subject.ts';

/** Listening at a path, which belongs to whoever was there before. */
export function unixSocketSuite(subject: Subject): void {
	describe(`unix sockets of ${subject.name}`, () => {
		const create = (): Promise<Engine> =>
			subject.create(
				{},
				{
					request: (exchange) =>
						void exchange.send({ status: 200, headers: [] }, Buffer.from('here')),
					upgrade: () => {},
					error: () => {}
				}
			);

		/** What a server at the path answers. */
		async function ask(path: string): Promise<string> {
			const socket = connect({ path });
			socket.end('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
			return text(socket);
		}

		it('take the place of one whose server is gone, and leave none behind', async () => {
			using folder = tempFolder();
			const path = join(folder.path, 'app.sock');
			const listen = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
			spawnSync(process.execPath, ['-e', listen]);
			expect(lstatSync(path).isSocket()).toBe(true);
			const engine = await create();
			expect(await engine.listen({ path })).toEqual({ path });
			expect(await ask(path)).toMatch(/^HTTP\/1\.1 200 [^]*here$/);
			void engine.stop();
			expect(existsSync(path)).toBe(false);
			engine.close();
		});

		it('leave none behind when they are cut', async () => {
			using folder = tempFolder();
			const path = join(folder.path, 'app.sock');
			const engine = await create();
			await engine.listen({ path });
			engine.close();
			expect(existsSync(path)).toBe(false);
		});

		it('leave what is no socket where it is', async () => {
			using folder = tempFolder({ file: 'of the user' });
			const at = (name: string) => join(folder.path, name);
			mkdirSync(at('folder'));
			symlinkSync(at('nowhere'), at('dangling'));
			symlinkSync(at('file'), at('link'));
			for (const name of ['file', 'folder', 'dangling', 'link']) {
				const before = lstatSync(at(name)).ino;
				const engine = await create();
				await expect(engine.listen({ path: at(name) })).rejects.toMatchObject({
					code: 'listen_failed',
					message: expect.stringContaining(`Cannot listen on ${at(name)} (EADDRINUSE). Something`)
				});
				engine.close();
				expect(lstatSync(at(name)).ino).toBe(before);
			}
			expect(readFileSync(at('file'), 'utf8')).toBe('of the user');
		});

		it('leave the one of a server that listens', async () => {
			using folder = tempFolder();
			const path = join(folder.path, 'app.sock');
			const [first, second] = [await create(), await create()];
			await first.listen({ path });
			await expect(second.listen({ path })).rejects.toMatchObject({ code: 'listen_failed' });
			second.close();
			expect(await ask(path)).toContain('here');
			first.close();
		});

		it.each(['a'.repeat(200), 'no/such/folder/app.sock'])('cannot be at %s', async (name) => {
			using folder = tempFolder();
			const engine = await create();
			await expect(engine.listen({ path: join(folder.path, name) })).rejects.toMatchObject({
				code: 'listen_failed',
				message: expect.stringMatching(/ \((ENAMETOOLONG|EACCES|ENOENT)\)\. .*SOCKET_PATH/)
			});
			engine.close();
		});
	});
}
