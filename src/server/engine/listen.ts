import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { AdapterError } from '../../shared/errors.ts';
import type { ListenOptions } from './engine.ts';

const inUse =
	'Stop the process that listens there, or choose another place with PORT or SOCKET_PATH.';

const shareAdvice =
	'Workers of node:cluster can share it on Node only: set ENGINE=node, or give each worker a place of its own.';

const advice: Record<string, string> = {
	EADDRINUSE: inUse,
	EACCES: 'Choose a port above 1023 with PORT, or run with the right to use this one.',
	EADDRNOTAVAIL: 'Set HOST to an address of this machine.',
	ENOTFOUND: 'Set HOST to an address of this machine.'
};

const placeAdvice =
	'Set SOCKET_PATH to a place in a folder that exists and in which this process may write.';

/** For unix sockets. A folder that does not exist is EACCES too where libuv says so, which takes it for the same. */
const pathAdvice: Record<string, string> = {
	EADDRINUSE: inUse,
	EACCES: placeAdvice,
	ENOENT: placeAdvice,
	ENAMETOOLONG: 'The system allows about 100 characters: choose a shorter SOCKET_PATH.'
};

/**
 * The error of a place that cannot be listened on; the system's own error is its cause.
 * @param todo where more is known than the system's code says
 */
export function listenFailed(
	options: ListenOptions,
	cause: NodeJS.ErrnoException,
	todo?: string
): AdapterError {
	const code = cause.code ?? cause.message;
	return new AdapterError('listen_failed', {
		what: `Cannot listen on ${describeAddress(options)}`,
		value: code,
		todo:
			todo ??
			('path' in options ? pathAdvice : advice)[code] ??
			'Choose another place with HOST and PORT, or with SOCKET_PATH.',
		cause
	});
}

/**
 * For what cannot take over a socket that somebody else has opened.
 * @param todo what the user can do instead
 * @throws {AdapterError} `listen_failed` if it is asked to
 */
export function refuseDescriptor(
	options: ListenOptions,
	who: string,
	todo: string
): asserts options is Exclude<ListenOptions, { fd: number }> {
	if (!('fd' in options)) return;
	throw new AdapterError('listen_failed', {
		what: `${who} cannot listen on a file descriptor`,
		value: String(options.fd),
		todo
	});
}

/** `127.0.0.1:3000`, `[::1]:3000`, `/run/app.sock`, `file descriptor 3` */
export function describeAddress(options: ListenOptions): string {
	if ('path' in options) return options.path;
	if ('fd' in options) return `file descriptor ${options.fd}`;
	const { host, port } = options;
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Why an engine that only says that it could not listen could not: `node:net` tries the same and knows. It shares nothing with
 * other workers of node:cluster.
 */
export async function explainFailure(options: ListenOptions): Promise<AdapterError> {
	const cause = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
		const probe = createServer();
		probe.once('error', resolve);
		probe.listen({ ...options, exclusive: true }, () => probe.close(() => resolve(undefined)));
	});
	return notShared(options, cause ?? systemError('EADDRINUSE'));
}

/** What a worker of node:cluster is told whose engine cannot share. */
export function notShared(options: ListenOptions, cause = systemError('EADDRINUSE')): AdapterError {
	const isShared = cluster.isWorker && cause.code === 'EADDRINUSE';
	return listenFailed(options, cause, isShared ? shareAdvice : undefined);
}

/** As the system reports it. */
export function systemError(code: string): NodeJS.ErrnoException {
	return Object.assign(new Error(`listen ${code}`), { code });
}
