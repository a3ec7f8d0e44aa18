import { rmSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyFile, removeStaleFile } from '../stale-file.ts';
import { listenFailed, notShared, systemError } from './listen.ts';

/** Bytes that the path of a unix socket may have: unix(7). Beyond it Node cuts the path, and uWebSockets.js the process. */
const longestPath = process.platform === 'linux' ? 107 : 103;

/**
 * Milliseconds, and up to three times as many by chance: who has just taken a path refuses connections until it listens, and
 * workers that have started together are not to go on together.
 */
const settling = 50;

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
	const stale = identifyFile(path, true);
	let state = await look(path);
	if (state === 'refused') {
		await sleep(settling * (1 + 2 * Math.random()));
		state = await look(path);
	}
	if (state === 'taken') isTaken();
	if (state === 'refused' && identifyFile(path, true) === stale) removeStale(path, stale);
}

/** @throws {AdapterError} `listen_failed` */
function removeStale(path: string, stale: string | undefined): void {
	try {
		removeStaleFile(path, stale);
	} catch (error) {
		throw failed(path, (error as NodeJS.ErrnoException).code ?? '');
	}
}

/**
 * For an engine that leaves the file of its socket behind.
 * @returns removes it, unless somebody has put another one in its place
 */
export function rememberSocketFile(path: string): () => void {
	// The app may go to another folder while it runs.
	const file = resolve(path);
	const own = identifyFile(file);
	return () => {
		if (own !== undefined && identifyFile(file) === own) rmSync(file, { force: true });
	};
}

/** Only a refusal says that nobody listens: whoever may not connect, or has to wait, has found a server. */
function look(path: string): Promise<'taken' | 'refused' | 'gone'> {
	return new Promise((done) => {
		const probe = connect({ path });
		probe.once('connect', () => {
			probe.destroy();
			done('taken');
		});
		probe.once('error', ({ code }: NodeJS.ErrnoException) => {
			if (code === 'ENOENT') done('gone');
			else done(code === 'ECONNREFUSED' ? 'refused' : 'taken');
		});
	});
}

function failed(path: string, code: string, todo?: string): Error {
	return listenFailed({ path }, systemError(code), todo);
}
