import { linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';

/** @param isExact a file that was made since in the place of another one may have got its number */
export function identifyFile(file: string, isExact = false): string | undefined {
	try {
		const { dev, ino, mtimeNs } = lstatSync(file, { bigint: true });
		return isExact ? `${dev}:${ino}:${mtimeNs}` : `${dev}:${ino}`;
	} catch {
		return undefined;
	}
}

/**
 * Remove a file, unless somebody who has started at the same time is further and has put another one in its place. To look
 * and to remove are two steps, between which that may happen too; to take it aside is one.
 * @param stale what `identifyFile` has said of it, exactly
 * @throws the system's error
 */
export function removeStaleFile(path: string, stale: string | undefined): void {
	const aside = `${path}.${process.pid}`;
	try {
		renameSync(path, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw error;
	}
	if (identifyFile(aside, true) !== stale) putBack(aside, path);
	rmSync(aside, { force: true });
}

function putBack(aside: string, path: string): void {
	try {
		linkSync(aside, path);
	} catch {
		// Yet another one is there by now.
	}
}
