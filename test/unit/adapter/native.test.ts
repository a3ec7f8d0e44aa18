import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { copyAddon } from '../../../adapter/native.ts';
import { findAddon } from '../../../src/addon/package.ts';
import { addonFiles, needsGlibc, usable } from '../support/addon.ts';
import { adapterError } from '../support/errors.ts';
import { tempFolder, type TempFolder } from '../support/folder.ts';

const here = `${process.platform}_${process.arch}`;
const foreign = [
	'uws_sunos_x64_127.node',
	`uws_${process.platform}_mips_${process.versions.modules}.node`
];
const installed = 'node_modules/uWebSockets.js';

const copied = (out: string) =>
	readdirSync(join(out, installed), { recursive: true, encoding: 'utf8' }).toSorted();

describe('copyAddon', () => {
	it('copies the package with the binaries of this platform only, from its root', () => {
		using app = tempFolder(addonFiles({ binaries: [usable, ...foreign] }));
		copyAddon(app.path, join(app.path, 'build'));
		expect(copied(join(app.path, 'build'))).toEqual(['package.json', usable, 'uws.js'].toSorted());
	});

	it('copies the package with the binaries of this platform only, from dist/bin', () => {
		using app = tempFolder(addonFiles({ folder: 'dist/bin', binaries: [usable, ...foreign] }));
		copyAddon(app.path, join(app.path, 'build'));
		expect(copied(join(app.path, 'build'))).toEqual(
			['dist', 'dist/bin', `dist/bin/${usable}`, 'package.json', 'uws.js'].toSorted()
		);
		const copy = join(app.path, 'build', installed, 'dist/bin', usable);
		expect(readFileSync(copy, 'utf8')).toBe(`content of ${usable}`);
	});

	it('finds a package that is installed in a folder above the app', () => {
		using workspace = tempFolder({ ...addonFiles(), 'apps/chat/package.json': '{}' });
		const app = join(workspace.path, 'apps/chat');
		copyAddon(app, join(app, 'build'));
		expect(copied(join(app, 'build'))).toContain(usable);
	});

	it('copies the files themselves where the package is a link, as pnpm installs it', () => {
		using app = tempFolder({ 'package.json': '{}' });
		using store = tempFolder(addonFiles());
		app.write({ 'node_modules/.keep': '' });
		symlinkSync(join(store.path, installed), join(app.path, installed), 'junction');
		copyAddon(app.path, join(app.path, 'build'));
		const copy = join(app.path, 'build', installed);
		expect(lstatSync(copy).isSymbolicLink()).toBe(false);
		expect(copied(join(app.path, 'build'))).toContain(usable);
	});

	it('says how to install a package that is missing', () => {
		using app = tempFolder({ 'package.json': '{}' });
		expect(failure(app)).toContain('it is not installed');
		expect(existsSync(join(app.path, 'build'))).toBe(false);
	});

	it('copies nothing where there is no binary for the platform', () => {
		using app = tempFolder(addonFiles({ folder: 'dist/bin', binaries: foreign }));
		expect(failure(app)).toContain(
			`has no binary for ${here.replace('_', '-')}, only for ${process.platform}-mips or sunos-x64`
		);
		expect(existsSync(join(app.path, 'build'))).toBe(false);
	});

	it('copies a package that may run elsewhere, and says why it does not run here', () => {
		using old = tempFolder(addonFiles({ module: needsGlibc }));
		expect(failure(old)).toContain('uWebSockets.js@20.70.0 needs glibc 2.99, and this system has ');
		expect(copied(join(old.path, 'build'))).toContain(usable);
		using another = tempFolder(
			addonFiles({
				binaries: [`uws_${here}_1.node`],
				module: `require('./${usable}')`
			})
		);
		expect(failure(another)).toContain('has no binary for this Node');
		expect(copied(join(another.path, 'build'))).toContain(`uws_${here}_1.node`);
		using stranger = tempFolder(addonFiles({ module: 'module.exports = {}' }));
		expect(failure(stranger)).toContain('it has no App');
	});

	it('is not ended by a package that ends the process, and keeps it from the server', () => {
		using app = tempFolder(addonFiles({ module: "process.kill(process.pid, 'SIGKILL')" }));
		expect(failure(app)).toMatch(/loading uWebSockets\.js@20\.70\.0 ends the process \(/);
		expect(copied(join(app.path, 'build'))).toEqual(['index.js', 'package.json']);
		using leaving = tempFolder(addonFiles({ module: 'process.exit(7)' }));
		expect(failure(leaving)).toContain('ends the process (exit code 7)');
	});

	const real = findAddon(import.meta.filename);
	const isGlibc = process.platform === 'linux' && process.arch === 'x64';

	// The binary of the registry asks for GLIBC_2.27.
	it.runIf(isGlibc && real?.id.startsWith('uws-pack'))(
		'tells apart what is wrong with real binaries',
		() => {
			const bytes = (file: string) => readFileSync(join(real?.folder ?? '', 'dist/bin', file));
			const newer = Buffer.from(
				bytes(usable).toString('latin1').replaceAll('GLIBC_2.27', 'GLIBC_2.99'),
				'latin1'
			);
			const module = `module.exports = require('./${usable}')`;
			const cases: [content: Buffer, reason: string][] = [
				[newer, 'needs glibc 2.99, and this system has 2.'],
				[bytes(usable).subarray(0, 1_000_000), 'ends the process (SIGBUS)'],
				[Buffer.from(''), 'file too short'],
				[bytes(usable.replace('x64', 'arm64')), 'is for another processor or system'],
				[bytes(usable.replace('x64', 'arm')), 'is for another processor or system']
			];
			for (const [content, reason] of cases) {
				using app = tempFolder(addonFiles({ module }));
				app.write({ [join(installed, usable)]: content });
				expect(failure(app)).toContain(reason);
			}
			using whole = tempFolder(addonFiles({ module }));
			whole.write({ [join(installed, usable)]: bytes(usable) });
			expect(() => copyAddon(whole.path, join(whole.path, 'build'))).not.toThrow();
		}
	);
});

/** What is said of a package that cannot be used. */
function failure(app: TempFolder): string {
	const run = () => copyAddon(app.path, join(app.path, 'build'));
	const { message } = adapterError(run, 'uws_missing');
	expect(message).toContain(`Node ${process.versions.node}, ${process.platform}-${process.arch}`);
	return message;
}
