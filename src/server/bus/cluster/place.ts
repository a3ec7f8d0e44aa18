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
 * @throws {AdapterError} `bad_value` if it is there and is not ours alone, or the system's error
 */
export function preparePlace(place: string): void {
	if (process.platform === 'win32') return;
	const folder = dirname(place);
	mkdirSync(folder, { mode: 0o700, recursive: true });
	const found = lstatSync(folder);
	const isOurs = process.getuid === undefined || found.uid === process.getuid();
	if (found.isDirectory() && isOurs && (found.mode & 0o077) === 0) return;
	throw new AdapterError('bad_value', {
		what: 'The folder in which workers meet is open to others',
		value: folder,
		todo: 'Remove it, or set TMPDIR to a folder of your own.'
	});
}
