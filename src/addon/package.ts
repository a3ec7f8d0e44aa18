import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/** What the addon is imported as, whichever package it comes from. */
export const addonName = 'uWebSockets.js';

/** A package that is installed as uWebSockets.js. */
export interface AddonPackage {
	readonly folder: string;
	/** `uWebSockets.js@20.70.0`, or of which package it is an alias. */
	readonly id: string;
	/** File names, such as `uws_linux_x64_127.node`. */
	readonly binaries: readonly string[];
}

/**
 * The package that a file would import. `require.resolve` cannot be asked: the packages' `exports` differ, and loading the
 * addon is not wanted here.
 */
export function findAddon(importer: string): AddonPackage | undefined {
	const folders = createRequire(importer).resolve.paths(addonName) ?? [];
	const found = folders.map((folder) => join(folder, addonName)).find((path) => existsSync(path));
	if (found === undefined) return undefined;
	const folder = realpathSync(found);
	return { folder, id: readId(folder), binaries: listBinaries(folder) };
}

function readId(folder: string): string {
	try {
		const text = readFileSync(join(folder, 'package.json'), 'utf8');
		const { name, version } = JSON.parse(text) as { name?: string; version?: string };
		return `${name ?? addonName}@${version ?? 'unknown'}`;
	} catch {
		return `${addonName}@unknown`;
	}
}

function listBinaries(folder: string): string[] {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return files.map((file) => basename(file)).filter((file) => file.endsWith('.node'));
}
