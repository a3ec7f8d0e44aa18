import { AdapterError } from '../shared/errors.ts';
import { describeOldNode } from '../shared/node-version.ts';
import { binaryPrefix, platformOf, type Host } from './host.ts';
import type { AddonPackage } from './package.ts';
import { findReleases } from './releases.ts';

/** How loading the addon has ended. */
export interface Failure {
	/** What was thrown. */
	message?: string;
	cause?: unknown;
	/** What has ended the process that loaded it: a signal, or an exit code. */
	end?: string;
}

/** Why a package cannot be loaded, and what helps. */
interface Diagnosis {
	reason: string;
	/** Begins a sentence; empty if only another package helps. */
	way: string;
}

const glibcSystem =
	'use a system with glibc, such as the image node:22-slim instead of node:22-alpine';
const again = 'remove node_modules and install it again';
const forGood = "set engine: 'node' in the adapter options";

/**
 * The error of an addon that cannot be loaded: with what it needs and what is there, and the ways out.
 * @param what what cannot be done without it
 */
export function addonError(
	what: string,
	found: AddonPackage | undefined,
	failure: Failure,
	host: Host
): AdapterError {
	const { reason, way } = diagnose(found, failure, host);
	const installs = findReleases(host, found?.id).map(({ command }) => `"${command}"`);
	const install = installs.length > 0 ? `install it with ${installs.join(' or ')}` : '';
	const ways = [way, install].filter((each) => each !== '').join(', or ');
	return new AdapterError('uws_missing', {
		what,
		value: `Node ${host.node}, ${platformOf(host)}: ${reason}`,
		todo: `${capitalize(ways === '' ? forGood : ways)}. Then build the app again.`,
		cause: failure.cause
	});
}

function diagnose(
	found: AddonPackage | undefined,
	{ message = '', end }: Failure,
	host: Host
): Diagnosis {
	if (found === undefined)
		return { reason: 'it is not installed', way: isMusl(host) ? glibcSystem : '' };
	const { id, binaries } = found;
	if (end !== undefined) return { reason: `loading ${id} ends the process (${end})`, way: again };
	if (binaries.length === 0) return { reason: `the package ${id} has no binaries`, way: again };
	if (!binaries.some((file) => file.startsWith(binaryPrefix(host))))
		return foreignPlatform(found, host);
	return (
		oldLibrary(found, message, host) ??
		noGlibc(found, message, host) ??
		otherNode(found, message, host) ??
		otherMachine(found, message) ?? {
			reason: `${id} cannot be loaded: ${lastLine(message)}`,
			way: again
		}
	);
}

function foreignPlatform({ id, binaries }: AddonPackage, host: Host): Diagnosis {
	const platforms = binaries.map((file) => file.split('_').slice(1, -1).join('-')).toSorted();
	return {
		reason: `${id} has no binary for ${platformOf(host)}, only for ${list(platforms)}`,
		way: 'install the packages and build the app on the platform that it runs on'
	};
}

/** As the loader of glibc says it: version `GLIBC_2.38' not found (required by /app/…/uws_linux_x64_127.node) */
function oldLibrary({ id }: AddonPackage, message: string, host: Host): Diagnosis | undefined {
	const [, library, version] =
		/version [`']?(GLIBC|GLIBCXX|CXXABI)_([\d.]+)[`']? not found/.exec(message) ?? [];
	if (library === undefined) return undefined;
	const reason =
		library === 'GLIBC'
			? `${id} needs glibc ${version}, and this system has ${host.glibc ?? 'none'}`
			: `${id} needs ${library}_${version}, which the libstdc++ of this system does not have`;
	return { reason, way: 'use a newer system, such as Debian 13 or Ubuntu 24.04' };
}

/** musl's loader: Error loading shared library ld-linux-x86-64.so.2, or Error relocating …: symbol not found */
function noGlibc({ id }: AddonPackage, message: string, host: Host): Diagnosis | undefined {
	const isItsLoader = /Error (?:loading shared library|relocating)/.test(message);
	if (!isMusl(host) || !isItsLoader) return undefined;
	return { reason: `${id} needs glibc, and this system has musl`, way: glibcSystem };
}

function otherNode(
	{ id, binaries }: AddonPackage,
	message: string,
	host: Host
): Diagnosis | undefined {
	if (binaries.includes(`${binaryPrefix(host)}${host.abi}.node`)) {
		if (!/NODE_MODULE_VERSION|did not self-register/.test(message)) return undefined;
		return { reason: `the binary of ${id} is for another version of Node`, way: again };
	}
	const [, nodes] = /supports only Node\.js versions? ([\d, and]*\d)/.exec(message) ?? [];
	const supported = (nodes?.split(/\D+/) ?? []).filter((node) => !describeOldNode(`${node}.99`));
	return {
		reason: `${id} has no binary for this Node${nodes === undefined ? '' : `, only for Node ${nodes}`}`,
		way: supported.length === 0 ? '' : `use Node ${list(supported)}`
	};
}

/** What the loaders of Linux, macOS and Windows say of it. The file is there, though the first of them does not see it. */
const foreignBinary =
	/\.node: cannot open shared object file|wrong ELF class|invalid ELF header|incompatible architecture|not a valid Win32 application/;

function otherMachine({ id }: AddonPackage, message: string): Diagnosis | undefined {
	if (!foreignBinary.test(message)) return undefined;
	return {
		reason: `the binary of ${id} is for another processor or system: ${lastLine(message)}`,
		way: again
	};
}

function isMusl({ platform, glibc }: Host): boolean {
	return platform === 'linux' && glibc === undefined;
}

/** `a, b or c`, each once. */
function list(items: readonly string[]): string {
	const all = [...new Set(items)];
	return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((each) => each !== '').join(' or ');
}

/** Both packages put a general remark before the system's own words. */
function lastLine(message: string): string {
	const words = message.split('\n\n').at(-1) ?? '';
	return words.split('\n')[0]?.replace(/^Error: /, '') ?? '';
}

function capitalize(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
