import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Variant } from './case.ts';
import { writeStaticFiles } from './static-files.ts';

export type AdapterName = 'node' | 'ws';

/** Where a fixture app is, and which Vite builds it. */
export interface Home {
	folder: string;
	vite: string;
	/** Where it is copied from, if it is nowhere yet. */
	original?: string;
	/** It serves the files of `static-files.ts`. */
	hasStaticFiles?: true;
	/** Two builds may run beside each other: they write nothing to the same place. */
	isParallel?: true;
}

/** One way to build it. */
export interface Build {
	home: Home;
	adapter: AdapterName;
	variant: Variant;
}

/** Every variant, with every adapter. */
export async function buildAll(
	home: Home,
	adapters: AdapterName[],
	variants: Iterable<Variant>
): Promise<void> {
	if (home.original !== undefined) copyApp(home.original, home.folder);
	if (home.hasStaticFiles) writeStaticFiles(join(home.folder, 'build'));
	for (const variant of variants) {
		const builds = adapters.map((adapter) => ({ home, adapter, variant }));
		if (home.isParallel) await Promise.all(builds.map(make));
		else for (const each of builds) await make(each);
	}
}

/** Its sources, without what was made of them. */
function copyApp(from: string, to: string): void {
	const made = ['build', '.svelte-kit', 'node_modules'].map((name) => join(from, name));
	rmSync(to, { recursive: true, force: true });
	cpSync(from, to, { recursive: true, filter: (path) => !made.includes(path) });
}

async function make({ home, adapter, variant }: Build): Promise<void> {
	// Vitest's own NODE_ENV would make it a development build, and VITEST changes what Kit defines.
	const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', VITEST: undefined };
	await promisify(execFile)(process.execPath, [home.vite, 'build'], {
		cwd: home.folder,
		env: { ...env, ADAPTER: adapter, VARIANT: variant }
	});
}

export function buildFolder({ home, adapter, variant }: Build): string {
	return join(home.folder, 'build', `${adapter}-${variant}`);
}

/** How a server names a version of a file. */
export type EtagOf = (path: string, variant: '' | '.br') => string;

/** As adapter-node 6 makes it: the hash of the file itself, with the name of the variant. */
export const hashEtag: EtagOf = (path, variant) =>
	`"${createHash('sha256').update(readFileSync(path)).digest('base64url')}${variant}"`;

/** What differs from build to build: paths that hold a hash, and ETags. */
export class BuiltPaths {
	/** The folder of what is served to browsers. */
	readonly client: string;
	readonly #etagOf: EtagOf;
	#remoteHash: string | undefined;

	constructor(build: Build, etagOf: EtagOf) {
		this.client = join(buildFolder(build), 'client');
		this.#etagOf = etagOf;
	}

	/** The ETag of a client file, or of its brotli variant. */
	etag(file: string, variant: '' | '.br' = ''): string {
		return this.#etagOf(join(this.client, file), variant);
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
