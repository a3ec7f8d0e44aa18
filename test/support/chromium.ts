import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The path of a Chromium. It is installed from Debian's packages where that is allowed.
 * @throws if there is none and none can be installed: the tests need one
 */
export function findChromium(): string {
	const found = search();
	if (found) return found;
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) install();
	const installed = search();
	if (installed) return installed;
	throw new Error(
		'The browser tests need Chromium, and there is none on the PATH. Install it: apt-get install chromium'
	);
}

function search(): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return names
		.flatMap((name) => folders.map((folder) => join(folder, name)))
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

function install(): void {
	const options = {
		stdio: 'inherit',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	} as const;
	console.log('Installing Chromium for the browser tests: apt-get install chromium');
	execFileSync('apt-get', ['update', '-qq'], options);
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
}
