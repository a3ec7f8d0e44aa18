import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Variant } from './case.ts';
import { writeStaticFiles } from './static-files.ts';

const fixture = fileURLToPath(new URL('./fixtures/app', import.meta.url));
const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

export type AdapterName = 'node' | 'ws';

/** Both builds of every variant, one after another: they write the same generated types. */
export async function buildAll(variants: Iterable<Variant>): Promise<void> {
	writeStaticFiles(join(fixture, 'build'));
	for (const variant of variants) {
		for (const adapter of ['node', 'ws'] as const) await build(adapter, variant);
	}
}

async function build(adapter: AdapterName, variant: Variant): Promise<void> {
	// Vitest's own NODE_ENV would make it a development build, and VITEST changes what Kit defines.
	const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', VITEST: undefined };
	await promisify(execFile)(process.execPath, [vite, 'build'], {
		cwd: fixture,
		env: { ...env, ADAPTER: adapter, VARIANT: variant }
	});
}

export function buildFolder(adapter: AdapterName, variant: Variant): string {
	return join(fixture, 'build', `${adapter}-${variant}`);
}

/** Paths of a build that hold a hash. */
export class BuiltPaths {
	/** The folder of what is served to browsers. */
	readonly client: string;
	#remoteHash: string | undefined;

	constructor(adapter: AdapterName, variant: Variant) {
		this.client = join(buildFolder(adapter, variant), 'client');
	}

	/** The first client file that matches, as a path from the root of the server. */
	asset(glob: string): string {
		const [found] = globSync(`**/${glob}`, { cwd: this.client }).toSorted();
		if (found === undefined) throw new Error(`No client file matches ${glob}`);
		return `/${found.replaceAll('\\', '/')}`;
	}

	/** Where a function of `things.remote.ts` is called. */
	remote(name: string): string {
		this.#remoteHash ??= this.#findRemoteHash();
		return `/_app/remote/${this.#remoteHash}/${name}`;
	}

	#findRemoteHash(): string {
		for (const file of globSync('**/*.js', { cwd: this.client })) {
			const match = /["'`](\w+)\/greet["'`]/.exec(readFileSync(join(this.client, file), 'utf8'));
			if (match?.[1]) return match[1];
		}
		throw new Error('No client file calls the remote function greet');
	}
}
