import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where the server runs, and where the load comes from: one core each. */
export const cores = { server: '1', load: '0' } as const;

export const runtimes = {
	node: process.execPath,
	bun: fileURLToPath(new URL('../node_modules/.bin/bun', import.meta.url))
} as const;

/** What was measured, and on what. */
export interface Machine {
	/** The day, such as 2026-11-27. */
	date: string;
	processor: string;
	/** By name of the package or program. */
	versions: Record<string, string>;
}

/** @returns why nothing can be measured on this machine, if that is so */
export function explainMachine(): string | undefined {
	if (process.platform !== 'linux') return 'The bench reads /proc: it runs on Linux only.';
	const count = readdirSync('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name));
	if (count.length < 2) return 'The bench needs two cores: one for the server, one for the load.';
	const missing = ['wrk', 'taskset'].filter((name) => spawnSync('which', [name]).status !== 0);
	if (missing.length === 0) return undefined;
	return `The bench needs ${missing.join(' and ')}. On Debian: apt-get install wrk util-linux`;
}

/** From now on this process, and what it starts, stays away from the server's core. */
export function stayOnLoadCore(): void {
	execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.load, String(process.pid)]);
}

export function describeMachine(): Machine {
	return {
		date: new Date().toISOString().slice(0, 10),
		processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
		versions: {
			Node: process.versions.node,
			Bun: execFileSync(runtimes.bun, ['--version'], { encoding: 'utf8' }).trim(),
			SvelteKit: versionOf('@sveltejs/kit'),
			'adapter-node': versionOf('@sveltejs/adapter-node'),
			ws: versionOf('ws'),
			'uWebSockets.js': versionOf('uWebSockets.js')
		}
	};
}

function versionOf(name: string): string {
	const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
	for (const folder of folders) {
		try {
			const manifest = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as {
				name: string;
				version: string;
			};
			return manifest.name === name ? manifest.version : `${manifest.name}@${manifest.version}`;
		} catch {
			// It is in a folder above.
		}
	}
	return 'not installed';
}
