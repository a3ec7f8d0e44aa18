import { lstatSync, rmSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import process from 'node:process';
import { listenFailed, notShared, systemError } from './listen.ts';

/** Bytes that the path of a unix socket may have: unix(7). Beyond it Node cuts the path, and uWebSockets.js the process. */
const longestPath = process.platform === 'linux' ? 107 : 103;

const noSocket =
	'Something is there that is no socket: remove it, or choose another place with SOCKET_PATH.';

/**
 * Make way for a unix socket: what a server left behind that is gone is removed. Anything else stays.
 * @param isTaken is called if somebody listens there. Default: that is an error.
 * @throws {AdapterError} `listen_failed` if the path is taken, or too long
 */
export async function clearSocketPath(
	path: string,
	isTaken: () => void = () => {
		throw notShared({ path });
	}
): Promise<void> {
	if (process.platform === 'win32') return;
	if (Buffer.byteLength(path) > longestPath) throw failed(path, 'ENAMETOOLONG');
	const found = await lstat(path).catch(() => undefined);
	if (found === undefined) return;
	if (!found.isSocket()) throw failed(path, 'EADDRINUSE', noSocket);
	const stale = identify(path, true);
	if (!(await isStale(path))) isTaken();
	// Somebody else who starts at the same time may be further by now.
	else if (identify(path, true) === stale) rmSync(path, { force: true });
}

/**
 * For an engine that leaves the file of its socket behind.
 * @returns removes it, unless somebody has put another one in its place
 */
export function rememberSocketFile(path: string): () => void {
	// The app may go to another folder while it runs.
	const file = resolve(path);
	const own = identify(file);
	return () => {
		if (own !== undefined && identify(file) === own) rmSync(file, { force: true });
	};
}

/** @param isExact a file that was made since in the place of another one may have got its number */
function identify(file: string, isExact = false): string | undefined {
	try {
		const { dev, ino, ctimeNs } = lstatSync(file, { bigint: true });
		return isExact ? `${dev}:${ino}:${ctimeNs}` : `${dev}:${ino}`;
	} catch {
		return undefined;
	}
}

/** Only a refusal says that nobody listens: whoever may not connect, or has to wait, has found a server. */
function isStale(path: string): Promise<boolean> {
	return new Promise((done) => {
		const probe = connect({ path });
		probe.once('connect', () => {
			probe.destroy();
			done(false);
		});
		probe.once('error', ({ code }: NodeJS.ErrnoException) => done(code === 'ECONNREFUSED'));
	});
}

function failed(path: string, code: string, todo?: string): Error {
	return listenFailed({ path }, systemError(code), todo);
}
