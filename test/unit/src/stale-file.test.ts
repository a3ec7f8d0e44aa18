import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeStaleFile } from '../../../src/server/stale-file.ts';
import { tempFolder } from '../support/folder.ts';

/** A server that listens there, until the end of the test. */
async function listening(path: string): Promise<Server & AsyncDisposable> {
	const server = createServer().listen(path);
	await once(server, 'listening');
	return server;
}

describe('removeStaleFile', () => {
	it('gives back what turns out to be another file, by which its server can be reached', async () => {
		using folder = tempFolder();
		const path = join(folder.path, 'app.sock');
		await using server = await listening(path);
		removeStaleFile(path, 'the one that was there before');
		expect(readdirSync(folder.path)).toEqual(['app.sock']);
		const client = connect({ path });
		await Promise.all([once(client, 'connect'), once(server, 'connection')]);
		client.destroy();
	});

	it('does not mind that the file is gone', () => {
		using folder = tempFolder();
		expect(() => removeStaleFile(join(folder.path, 'app.sock'), undefined)).not.toThrow();
	});
});
