import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { addonError, type Failure } from '../src/addon/failure.ts';
import { binaryPrefix, readHost, type Host } from '../src/addon/host.ts';
import { addonName, findAddon, type AddonPackage } from '../src/addon/package.ts';

const copying = 'uWebSockets.js cannot be copied into the build';

/**
 * Copy uWebSockets.js to `build/node_modules`, with the binaries of this platform only, so that the build runs on its own, and
 * see whether it can be loaded. What cannot be loaded here stays all the same, for a system on which it can, unless it takes the
 * process with it.
 * @param root the app's folder
 * @param host where the build runs
 * @throws {AdapterError} `uws_missing` with the reason and the way out
 */
export function copyAddon(root: string, out: string, host: Host = readHost()): void {
	const found = findAddon(join(root, 'package.json'));
	const wanted = binaryPrefix(host);
	const isThere = found?.binaries.some((file) => file.startsWith(wanted)) === true;
	if (!isThere) throw addonError(copying, found, {}, host);
	const copy = join(out, 'node_modules', addonName);
	cpSync(found.folder, copy, {
		recursive: true,
		dereference: true,
		filter: (source) => !source.endsWith('.node') || basename(source).startsWith(wanted)
	});
	const failure = tryToLoad(out);
	if (failure?.end !== undefined) replace(copy, found, failure.end);
	if (failure) throw addonError('uWebSockets.js cannot be loaded here', found, failure, host);
}

/** What would end the server gives way to something that only throws, or it would be found in a folder above. */
function replace(copy: string, { id }: AddonPackage, end: string): void {
	rmSync(copy, { recursive: true });
	mkdirSync(copy);
	const at = id.lastIndexOf('@');
	const manifest = {
		name: id.slice(0, at),
		version: id.slice(at + 1),
		type: 'module',
		exports: './index.js'
	};
	writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
	const error = `Object.assign(new Error('It cannot be loaded'), { end: ${JSON.stringify(end)} })`;
	writeFileSync(join(copy, 'index.js'), `throw ${error};\n`);
}

/** As the server does it: `engine/uws/load.ts`. */
const load = `
const report = (failure) => process.stdout.write('\\n' + JSON.stringify(failure));
import('${addonName}').then(
	(module) => {
		const { App } = module.default ?? module;
		report(typeof App === 'function' ? null : { message: 'it is no uWebSockets.js: it has no App' });
	},
	(error) => report({ message: String(error?.message ?? error) })
);`;

/** In a process of its own, since a binary that is broken may end it. */
function tryToLoad(out: string): Failure | undefined {
	const { NODE_OPTIONS: _, ...env } = process.env;
	const { stdout, signal, status, error } = spawnSync(
		process.execPath,
		['--input-type=module', '--eval', load],
		{ cwd: out, env, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'] }
	);
	if (error) return { message: error.message };
	const report = stdout.split('\n').at(-1) ?? '';
	if (!report.startsWith('{') && report !== 'null') return { end: signal ?? `exit code ${status}` };
	return (JSON.parse(report) as Failure | null) ?? undefined;
}
