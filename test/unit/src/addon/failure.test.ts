import { describe, expect, it } from 'vitest';
import { addonError, type Failure } from '../../../../src/addon/failure.ts';
import type { Host } from '../../../../src/addon/host.ts';
import type { AddonPackage } from '../../../../src/addon/package.ts';

const debian12: Host = {
	node: '22.23.3',
	abi: '127',
	platform: 'linux',
	arch: 'x64',
	glibc: '2.36'
};
const debian13 = { ...debian12, glibc: '2.41' };
const alpine = { ...debian12, glibc: undefined };
const mac = { ...debian12, platform: 'darwin', arch: 'arm64', glibc: undefined };

const official: AddonPackage = {
	folder: '/app/node_modules/uWebSockets.js',
	id: 'uWebSockets.js@20.70.0',
	binaries: ['uws_linux_x64_127.node', 'uws_linux_x64_137.node', 'uws_darwin_arm64_127.node']
};
const registry: AddonPackage = {
	...official,
	id: 'uws-pack@20.0.8',
	binaries: ['uws_linux_x64_115.node', 'uws_linux_x64_127.node']
};

/** What both packages say before the system's own words. */
const remark = (nodes: string) =>
	`This version of uWS.js (v20.70.0) supports only Node.js versions ${nodes} on (glibc) Linux, macOS and Windows, on Tier 1 ` +
	'platforms (https://github.com/nodejs/node/blob/master/BUILDING.md#platform-list).\n\n';

const glibc = `${remark('22, 24 and 26')}Error: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.38' not found (required by /app/build/node_modules/uWebSockets.js/uws_linux_x64_127.node)`;
const noBinary = `${remark('18, 20, 21 and 22')}Error: Cannot find module './bin/uws_linux_x64_137.node'\nRequire stack:\n- /app/x.js`;

const installOfficial =
	'"npm install -D https://github.com/uNetworking/uWebSockets.js/archive/refs/tags/v20.70.0.tar.gz"';
const installRegistry = '"npm install -D uWebSockets.js@npm:uws-pack@20.0.8"';

function explain(found: AddonPackage | undefined, failure: Failure, host: Host) {
	const { message, code } = addonError('It failed', found, failure, host);
	expect(code).toBe('uws_missing');
	const [, reason, todo] = /^\[svelte-adapter-ws\] It failed \((.*)\)\. (.*)$/s.exec(message) ?? [];
	return { reason, todo };
}

const again = 'Remove node_modules and install it again. Then build the app again.';

describe('an addon that cannot be loaded', () => {
	it('names the glibc that it needs and the one that is there, and does not advise itself', () => {
		expect(explain(official, { message: glibc }, debian12)).toEqual({
			reason:
				'Node 22.23.3, linux-x64: uWebSockets.js@20.70.0 needs glibc 2.38, and this system has 2.36',
			todo: `Use a newer system, such as Debian 13 or Ubuntu 24.04, or install it with ${installRegistry}. Then build the app again.`
		});
	});

	it('advises no package for a Node or a glibc that it does not fit', () => {
		const node24 = { ...debian12, node: '24.1.0', abi: '137' };
		expect(explain(official, { message: glibc }, node24).todo).toBe(
			'Use a newer system, such as Debian 13 or Ubuntu 24.04. Then build the app again.'
		);
	});

	it('names another library that is too old', () => {
		const message = glibc.replaceAll('GLIBC_2.38', 'GLIBCXX_3.4.32');
		expect(explain(official, { message }, debian12)).toMatchObject({
			reason: expect.stringContaining('needs GLIBCXX_3.4.32, which the libstdc++ of this system'),
			todo: expect.stringMatching(/^Use a newer system/)
		});
	});

	it.each([
		`${remark('22')}Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/uws_linux_x64_127.node)`,
		`${remark('22')}Error: Error relocating /app/uws_linux_x64_127.node: __res_init: symbol not found`
	])('says that there is musl: %s', (message) => {
		expect(explain(official, { message }, alpine)).toEqual({
			reason:
				'Node 22.23.3, linux-x64: uWebSockets.js@20.70.0 needs glibc, and this system has musl',
			todo: 'Use a system with glibc, such as the image node:22-slim instead of node:22-alpine. Then build the app again.'
		});
	});

	it('names the versions of Node that it is for, and advises those that are supported here', () => {
		const node24 = { ...debian13, node: '24.1.0', abi: '137' };
		expect(explain(registry, { message: noBinary }, node24)).toEqual({
			reason:
				'Node 24.1.0, linux-x64: uws-pack@20.0.8 has no binary for this Node, only for Node 18, 20, 21 and 22',
			todo: `Use Node 22, or install it with ${installOfficial}. Then build the app again.`
		});
	});

	it.each([
		"The module '/app/uws_linux_x64_127.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This version of Node.js requires\nNODE_MODULE_VERSION 127.",
		`${remark('22')}Error: Module did not self-register: '/app/uws_linux_x64_127.node'.`
	])('says that a binary has the name of another: %s', (message) => {
		expect(explain(registry, { message }, debian12)).toEqual({
			reason:
				'Node 22.23.3, linux-x64: the binary of uws-pack@20.0.8 is for another version of Node',
			todo: again
		});
	});

	it.each([
		'/app/uws_linux_x64_127.node: wrong ELF class: ELFCLASS32',
		'/app/uws_linux_x64_127.node: cannot open shared object file: No such file or directory',
		'/app/uws_linux_x64_127.node: invalid ELF header',
		"dlopen(/app/uws.node, 1): mach-o file, but is an incompatible architecture (have 'x86_64')",
		'\\\\?\\C:\\app\\uws.node is not a valid Win32 application.'
	])('says that a binary is for another machine: %s', (words) => {
		const { reason, todo } = explain(
			registry,
			{ message: `${remark('22')}Error: ${words}` },
			debian12
		);
		expect(reason).toBe(
			`Node 22.23.3, linux-x64: the binary of uws-pack@20.0.8 is for another processor or system: ${words}`
		);
		expect(todo).toBe(again);
	});

	it('repeats what it does not know', () => {
		const message = `${remark('22')}Error: libz.so.1: cannot open shared object file: No such file\nmore`;
		expect(explain(registry, { message }, debian12)).toEqual({
			reason:
				'Node 22.23.3, linux-x64: uws-pack@20.0.8 cannot be loaded: libz.so.1: cannot open shared object file: No such file',
			todo: again
		});
	});

	it('says that loading it ends the process', () => {
		expect(explain(registry, { end: 'SIGBUS' }, debian12)).toEqual({
			reason: 'Node 22.23.3, linux-x64: loading uws-pack@20.0.8 ends the process (SIGBUS)',
			todo: again
		});
	});

	it('says that there is no binary for this platform, and for which', () => {
		const host = { ...debian13, arch: 'arm64' };
		expect(explain(official, { message: noBinary }, host)).toEqual({
			reason:
				'Node 22.23.3, linux-arm64: uWebSockets.js@20.70.0 has no binary for linux-arm64, only for darwin-arm64 or linux-x64',
			todo: `Install the packages and build the app on the platform that it runs on, or install it with ${installRegistry}. Then build the app again.`
		});
	});

	it('says that a package has no binaries at all', () => {
		expect(explain({ ...official, binaries: [] }, {}, debian13)).toEqual({
			reason: 'Node 22.23.3, linux-x64: the package uWebSockets.js@20.70.0 has no binaries',
			todo: `Remove node_modules and install it again, or install it with ${installRegistry}. Then build the app again.`
		});
	});

	it('keeps what was thrown', () => {
		const cause = new Error('the cause');
		expect(addonError('It failed', official, { cause }, mac).cause).toBe(cause);
	});
});

describe('an addon that is not installed', () => {
	const todo = (host: Host) => explain(undefined, {}, host).todo;

	it('is installed from where it fits', () => {
		expect(todo(debian13)).toBe(
			`Install it with ${installOfficial} or ${installRegistry}. Then build the app again.`
		);
		expect(todo(mac)).toBe(todo(debian13));
		expect(todo(debian12)).toBe(`Install it with ${installRegistry}. Then build the app again.`);
		expect(todo({ ...debian13, node: '24.1.0' })).toBe(
			`Install it with ${installOfficial}. Then build the app again.`
		);
	});

	it('cannot be where nothing fits', () => {
		expect(todo(alpine)).toBe(
			'Use a system with glibc, such as the image node:22-slim instead of node:22-alpine. Then build the app again.'
		);
		expect(todo({ ...debian13, arch: 'ppc64' })).toBe(
			"Set engine: 'node' in the adapter options. Then build the app again."
		);
	});
});
