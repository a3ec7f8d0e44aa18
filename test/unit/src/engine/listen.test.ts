import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
	describeAddress,
	explainFailure,
	listenFailed
} from '../../../../src/server/engine/listen.ts';

const systemError = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

/** A server that listens there, until the end of the test. */
async function listening(options: object): Promise<Server & AsyncDisposable> {
	const server = createServer().listen(options);
	await once(server, 'listening');
	return server;
}

describe('describeAddress', () => {
	it.each([
		[{ host: '127.0.0.1', port: 3000 }, '127.0.0.1:3000'],
		[{ host: '::1', port: 3000 }, '[::1]:3000'],
		[{ path: '/run/app.sock' }, '/run/app.sock'],
		[{ fd: 3 }, 'file descriptor 3']
	])('writes %j as %s', (options, described) => {
		expect(describeAddress(options)).toBe(described);
	});
});

describe('listenFailed', () => {
	it.each([
		['EADDRINUSE', 'Stop the process that listens there'],
		['EACCES', 'Choose a port above 1023 with PORT'],
		['EADDRNOTAVAIL', 'Set HOST to an address of this machine'],
		['ENOTFOUND', 'Set HOST to an address of this machine'],
		['EWHATEVER', 'HOST and PORT']
	])('says what to do about %s', (code, todo) => {
		const cause = systemError(code);
		const error = listenFailed({ host: '::1', port: 80 }, cause);
		expect(error.message).toMatch(/^\[svelte-adapter-ws\] Cannot listen on \[::1\]:80 \(/);
		expect(error.message).toContain(`(${code}). `);
		expect(error.message).toContain(todo);
		expect(error).toMatchObject({ code: 'listen_failed', cause });
	});
});

describe('listenFailed for a unix socket', () => {
	it.each([
		['EADDRINUSE', 'Stop the process that listens there'],
		['EACCES', 'in a folder that exists'],
		['ENAMETOOLONG', 'a shorter SOCKET_PATH'],
		['EWHATEVER', 'SOCKET_PATH']
	])('says what to do about %s', (code, todo) => {
		const error = listenFailed({ path: '/run/app.sock' }, systemError(code));
		expect(error.message).toContain(`Cannot listen on /run/app.sock (${code}). `);
		expect(error.message).toContain(todo);
	});

	it('says what is known better', () => {
		const error = listenFailed({ path: '/run/app.sock' }, systemError('EADDRINUSE'), 'Do it.');
		expect(error.message).toContain('(EADDRINUSE). Do it.');
	});
});

describe('explainFailure', () => {
	it('finds out that the port is taken', async () => {
		await using server = await listening({ host: '127.0.0.1', port: 0 });
		const { port } = server.address() as AddressInfo;
		const error = await explainFailure({ host: '127.0.0.1', port });
		expect(error.message).toContain(`Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
	});

	it('finds out that the host is not this machine', async () => {
		// RFC 5737: for documentation, so nobody's.
		const error = await explainFailure({ host: '192.0.2.1', port: 0 });
		expect(error.message).toContain('(EADDRNOTAVAIL)');
	});

	it('takes the place to be in use where it finds nothing', async () => {
		const error = await explainFailure({ host: '127.0.0.1', port: 0 });
		expect(error.message).toContain('(EADDRINUSE)');
		expect(error).toMatchObject({ cause: { code: 'EADDRINUSE' } });
	});
});
