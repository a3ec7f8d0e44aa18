import { rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { AdapterError } from '../../shared/errors.ts';
import type { ListenOptions } from './engine.ts';

const advice: Record<string, string> = {
	EADDRINUSE:
		'Stop the process that listens there, or choose another place with PORT or SOCKET_PATH.',
	EACCES: 'Choose a port above 1023 with PORT, or run with the right to use this one.',
	EADDRNOTAVAIL: 'Set HOST to an address of this machine.',
	ENOTFOUND: 'Set HOST to an address of this machine.'
};

/** The error of a place that cannot be listened on; the system's own error is its cause. */
export function listenFailed(options: ListenOptions, cause: NodeJS.ErrnoException): AdapterError {
	const code = cause.code ?? cause.message;
	return new AdapterError('listen_failed', {
		what: `Cannot listen on ${describeAddress(options)}`,
		value: code,
		todo: advice[code] ?? 'Choose another place with HOST and PORT, or with SOCKET_PATH.',
		cause
	});
}

/** `127.0.0.1:3000`, `[::1]:3000`, `/run/app.sock`, `file descriptor 3` */
export function describeAddress(options: ListenOptions): string {
	if ('path' in options) return options.path;
	if ('fd' in options) return `file descriptor ${options.fd}`;
	const { host, port } = options;
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Why an engine that only says that it could not listen could not: `node:net` tries the same and knows. */
export async function explainFailure(options: ListenOptions): Promise<AdapterError> {
	const cause = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
		const probe = createServer();
		probe.once('error', resolve);
		probe.listen({ ...options, exclusive: true }, () => probe.close(() => resolve(undefined)));
	});
	return listenFailed(options, cause ?? inUse());
}

/**
 * Remove the file of a unix socket whose server is gone.
 * @throws {AdapterError} `listen_failed` if a server listens there
 */
export async function removeStaleSocket(path: string): Promise<void> {
	const found = await stat(path).catch(() => undefined);
	if (!found?.isSocket()) return;
	if (await isListening(path)) throw listenFailed({ path }, inUse());
	await rm(path, { force: true });
}

function isListening(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = connect({ path });
		probe.once('connect', () => {
			probe.destroy();
			resolve(true);
		});
		probe.once('error', () => resolve(false));
	});
}

function inUse(): NodeJS.ErrnoException {
	return Object.assign(new Error('another process listens there'), { code: 'EADDRINUSE' });
}
