import { cpSync, existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import process from 'node:process';
import { AdapterError } from '../src/shared/errors.ts';

const name = 'uWebSockets.js';

/** Of its tag. npm fetches the short form with a `#` by git over ssh, for which many have no key. */
const tarball = 'https://github.com/uNetworking/uWebSockets.js/archive/refs/tags/v20.70.0.tar.gz';

/**
 * Copy uWebSockets.js to `build/node_modules`, with the binaries of this platform only, so that the build runs on its own.
 * @param root the app's folder
 * @throws {AdapterError} `uws_missing` if it is not installed or has no binary for this platform and Node
 */
export function copyAddon(root: string, out: string): void {
	const from = findPackage(root);
	if (from === undefined) throw missing('it is not installed');
	const binaries = findBinaries(from);
	const wanted = `uws_${process.platform}_${process.arch}_`;
	const usable = `${wanted}${process.versions.modules}.node`;
	if (!binaries.includes(usable)) throw missing(`the installed package has no ${usable}`);
	cpSync(from, join(out, 'node_modules', name), {
		recursive: true,
		dereference: true,
		filter: (source) => !source.endsWith('.node') || basename(source).startsWith(wanted)
	});
}

/** `require.resolve` cannot be asked: the packages' `exports` differ, and loading the addon is not wanted here. */
function findPackage(root: string): string | undefined {
	const folders = createRequire(join(root, 'package.json')).resolve.paths(name) ?? [];
	const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
	return found && realpathSync(found);
}

function findBinaries(folder: string): string[] {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return files.map((file) => basename(file)).filter((file) => file.endsWith('.node'));
}

function missing(reason: string): AdapterError {
	return new AdapterError('uws_missing', {
		what: 'uWebSockets.js cannot be copied into the build',
		value: `Node ${process.versions.node}, ${process.platform}-${process.arch}: ${reason}`,
		todo:
			`Install it with "npm install -D ${tarball}", ` +
			'or from the npm registry with "npm install -D uWebSockets.js@npm:uws-pack@20.0.8" (Node 18 to 22).'
	});
}
