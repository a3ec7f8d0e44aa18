import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { AdapterError } from '../../../shared/errors.ts';

/** Characters of a path that every system lets a unix socket have, with some to spare. */
const longest = 90;

/** Where workers of one app meet. The same parts make the same place, for the same user. */
export function placeOf(...parts: readonly string[]): string {
	return named(createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16));
}

/** A place that nobody else has. */
export function ownPlace(): string {
	return named(randomBytes(8).toString('hex'));
}

/** Another place beside it, for a socket that is not there yet. */
export function besides(place: string): string {
	return join(dirname(place), randomBytes(8).toString('hex'));
}

function named(name: string): string {
	if (process.platform === 'win32') return `\\\\.\\pipe\\svelte-adapter-ws-${name}`;
	const path = (folder: string) =>
		join(folder, `svelte-adapter-ws-${process.getuid?.() ?? 0}`, `${name}.sock`);
	return Buffer.byteLength(path(tmpdir())) <= longest ? path(tmpdir()) : path('/tmp');
}

/**
 * Make the folder of a place, which nobody but this user may enter: whoever may can read and write all messages.
 * @throws {AdapterError} `listen_failed` if it cannot be made, or is not ours alone
 */
export function preparePlace(place: string): void {
	if (process.platform === 'win32') return;
	const folder = dirname(place);
	try {
		mkdirSync(folder, { mode: 0o700, recursive: true });
	} catch (cause) {
		throw noPlace('cannot be made', `${folder}: ${(cause as NodeJS.ErrnoException).code}`, cause);
	}
	const found = lstatSync(folder);
	const isOurs = process.getuid === undefined || found.uid === process.getuid();
	if (!found.isDirectory() || !isOurs || (found.mode & 0o077) !== 0)
		throw noPlace('is open to others', folder);
}

function noPlace(what: string, value: string, cause?: unknown): AdapterError {
	return new AdapterError('listen_failed', {
		what: `The folder in which workers meet ${what}`,
		value,
		todo: 'Set TMPDIR to a folder of your own in which this process may write.',
		cause
	});
}
