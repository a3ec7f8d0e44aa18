import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** A program that tests need and that is no package of npm. */
export interface Program {
	/** What it may be called. */
	names: string[];
	/** Debian's package. */
	package: string;
	/** What it is for, as the beginning of a sentence: `The browser tests need Chromium`. */
	need: string;
}

/** Where Debian has programs of administrators, who alone have them on their PATH. */
const extraFolders = ['/usr/sbin', '/sbin'];

/**
 * The path of a program. It is installed from Debian's packages where that is allowed.
 * @throws if there is none and none can be installed
 */
export function findProgram(program: Program): string {
	const found = search(program.names);
	if (found) return found;
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) install(program);
	const installed = search(program.names);
	if (installed) return installed;
	throw new Error(
		`${program.need}, and it is not on the PATH. Install it: apt-get install ${program.package}`
	);
}

function search(names: string[]): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return names
		.flatMap((name) => [...folders, ...extraFolders].map((folder) => join(folder, name)))
		.find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function install({ need, package: name }: Program): void {
	const options = {
		stdio: 'inherit',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	} as const;
	console.log(`${need}: apt-get install ${name}`);
	execFileSync('apt-get', ['update', '-qq'], options);
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}
