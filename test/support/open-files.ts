import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** How often this process has the file open. */
export function openFiles(path: string): number {
	const folder = ['/proc/self/fd', '/dev/fd'].find((each) => existsSync(each)) ?? '';
	return readdirSync(folder).filter((fd) => linkOf(join(folder, fd)) === path).length;
}

/** The one that reads the folder is gone by now. */
function linkOf(link: string): string | undefined {
	try {
		return readlinkSync(link);
	} catch {
		return undefined;
	}
}
