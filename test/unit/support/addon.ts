import { join } from 'node:path';
import process from 'node:process';

const { platform, arch, versions } = process;

/** The binary that this Node loads. */
export const usable = `uws_${platform}_${arch}_${versions.modules}.node`;

export interface FakeAddon {
	/** Where its binaries are. Default: beside its module. */
	folder?: string;
	binaries?: string[];
	/** Its module. Default: one that can be loaded. */
	module?: string;
}

/** The files of a package that is installed as uWebSockets.js. */
export function addonFiles({ folder = '.', binaries = [usable], module }: FakeAddon = {}) {
	const files: Record<string, string> = {
		'package.json': '{ "name": "uWebSockets.js", "version": "20.70.0", "main": "uws.js" }',
		'uws.js': module ?? 'module.exports = { App() {} };'
	};
	for (const binary of binaries) files[join(folder, binary)] = `content of ${binary}`;
	return Object.fromEntries(
		Object.entries(files).map(([name, content]) => [
			join('node_modules/uWebSockets.js', name),
			content
		])
	);
}

/** The module of a package whose binary needs a newer glibc, as the official one says it. */
export const needsGlibc = `throw new Error(
	'This version of uWS.js (v20.70.0) supports only Node.js versions 22, 24 and 26 on (glibc) Linux, macOS and Windows.\\n\\n' +
	"Error: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.99' not found (required by /x/${usable})"
);`;
