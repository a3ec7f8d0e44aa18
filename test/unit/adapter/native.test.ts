import { readdirSync, readFileSync, symlinkSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { copyAddon } from '../../../adapter/native.ts';
import { adapterError } from '../support/errors.ts';
import { tempFolder } from '../support/folder.ts';

const here = `${process.platform}_${process.arch}`;
const usable = `uws_${here}_${process.versions.modules}.node`;
const foreign = [
	'uws_sunos_x64_127.node',
	`uws_${process.platform}_mips_${process.versions.modules}.node`
];
const installed = 'node_modules/uWebSockets.js';

/** A package with these binaries in this folder of it. */
function addonFiles(binaryFolder: string, binaries: string[]): Record<string, string> {
	const files: Record<string, string> = {
		'package.json': '{ "name": "uWebSockets.js" }',
		'uws.js': 'module.exports = {}'
	};
	for (const binary of binaries) files[join(binaryFolder, binary)] = `content of ${binary}`;
	return Object.fromEntries(
		Object.entries(files).map(([name, content]) => [join(installed, name), content])
	);
}

const copied = (out: string) =>
	readdirSync(join(out, installed), { recursive: true, encoding: 'utf8' }).toSorted();

describe('copyAddon', () => {
	it('copies the package with the binaries of this platform only, from its root', () => {
		using app = tempFolder(addonFiles('.', [usable, ...foreign]));
		copyAddon(app.path, join(app.path, 'build'));
		expect(copied(join(app.path, 'build'))).toEqual(['package.json', usable, 'uws.js'].toSorted());
	});

	it('copies the package with the binaries of this platform only, from dist/bin', () => {
		using app = tempFolder(addonFiles('dist/bin', [usable, ...foreign]));
		copyAddon(app.path, join(app.path, 'build'));
		expect(copied(join(app.path, 'build'))).toEqual(
			['dist', 'dist/bin', `dist/bin/${usable}`, 'package.json', 'uws.js'].toSorted()
		);
		const copy = join(app.path, 'build', installed, 'dist/bin', usable);
		expect(readFileSync(copy, 'utf8')).toBe(`content of ${usable}`);
	});

	it('finds a package that is installed in a folder above the app', () => {
		using workspace = tempFolder({ ...addonFiles('.', [usable]), 'apps/chat/package.json': '{}' });
		const app = join(workspace.path, 'apps/chat');
		copyAddon(app, join(app, 'build'));
		expect(copied(join(app, 'build'))).toContain(usable);
	});

	it('copies the files themselves where the package is a link, as pnpm installs it', () => {
		using app = tempFolder({ 'package.json': '{}' });
		using store = tempFolder(addonFiles('.', [usable]));
		app.write({ 'node_modules/.keep': '' });
		symlinkSync(join(store.path, installed), join(app.path, installed), 'junction');
		copyAddon(app.path, join(app.path, 'build'));
		const copy = join(app.path, 'build', installed);
		expect(lstatSync(copy).isSymbolicLink()).toBe(false);
		expect(copied(join(app.path, 'build'))).toContain(usable);
	});

	it('says how to install a package that is missing', () => {
		using app = tempFolder({ 'package.json': '{}' });
		const run = () => copyAddon(app.path, join(app.path, 'build'));
		const { message } = adapterError(run, 'uws_missing');
		expect(message).toContain('it is not installed');
		expectAdvice(message);
	});

	it('says how to get a binary that the installed package does not have', () => {
		using app = tempFolder(addonFiles('dist/bin', [...foreign, `uws_${here}_1.node`]));
		const run = () => copyAddon(app.path, join(app.path, 'build'));
		const { message } = adapterError(run, 'uws_missing');
		expect(message).toContain(`the installed package has no ${usable}`);
		expectAdvice(message);
	});
});

function expectAdvice(message: string): void {
	expect(message).toContain(`Node ${process.versions.node}, ${process.platform}-${process.arch}`);
	expect(message).toContain(
		'npm install -D https://github.com/uNetworking/uWebSockets.js/archive/refs/tags/v20.70.0.tar.gz'
	);
	expect(message).toContain('npm install -D uWebSockets.js@npm:uws-pack@20.0.8');
}
