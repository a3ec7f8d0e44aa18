import { platformOf, type Host } from './host.ts';

/** A package that can be installed as uWebSockets.js. */
interface Release {
	/** Name and version in its own `package.json`. */
	id: string;
	command: string;
	/** Major versions of Node. */
	nodes: number[];
	platforms: string[];
	/** The oldest glibc on Linux. */
	glibc: [major: number, minor: number];
}

const releases: Release[] = [
	{
		id: 'uWebSockets.js@20.70.0',
		// By its address, which npm fetches over https: it would fetch the short form over ssh.
		command:
			'npm install -D https://github.com/uNetworking/uWebSockets.js/archive/refs/tags/v20.70.0.tar.gz',
		nodes: [22, 24, 26],
		platforms: ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'],
		glibc: [2, 38]
	},
	{
		id: 'uws-pack@20.0.8',
		command: 'npm install -D uWebSockets.js@npm:uws-pack@20.0.8',
		nodes: [18, 20, 21, 22],
		platforms: ['linux-x64', 'linux-arm64', 'linux-arm', 'darwin-x64', 'darwin-arm64', 'win32-x64'],
		glibc: [2, 28]
	}
];

/**
 * What runs here, best first.
 * @param failed the one that has just failed
 */
export function findReleases(host: Host, failed: string | undefined): Release[] {
	const major = Number(host.node.split('.')[0]);
	return releases.filter(
		({ id, nodes, platforms, glibc }) =>
			id !== failed &&
			nodes.includes(major) &&
			platforms.includes(platformOf(host)) &&
			(host.platform !== 'linux' || isAtLeast(host.glibc, glibc))
	);
}

function isAtLeast(version: string | undefined, [major, minor]: Release['glibc']): boolean {
	if (version === undefined) return false;
	const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number);
	return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}
