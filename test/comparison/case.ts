import type { BuiltPaths } from './build.ts';

/** How the app is configured at build time: see `fixtures/app/vite.config.ts`. */
export type Variant = 'default' | 'base' | 'origin' | 'prefix';

export type Bytes = string | Buffer;

/** What a request may need to know about the server it is sent to. */
export interface Target {
	port: number;
	paths: BuiltPaths;
}

export type Raw = Bytes | ((target: Target) => Bytes);

/** Something to ask of every server. All of them have to answer alike. */
export interface Case {
	name: string;
	/** Default: `default`. */
	variant?: Variant;
	/** Of the server, without the prefix of the variant. */
	env?: Record<string, string>;
	/** Several are sent on one connection, each when the one before it was answered. */
	raw: Raw | Raw[];
	/** The client closes its side after the last request: a server that waits for the rest of a broken one gives up. */
	isAll?: boolean;
	/** The answer is up to what runs the app: it has to be that of adapter-node on the same runtime. */
	isOfRuntime?: boolean;
}

/** Cases of one topic that share a variant and an environment. */
export function withEnv(env: Record<string, string>, cases: Case[]): Case[] {
	return cases.map((each) => ({ ...each, env: { ...env, ...each.env } }));
}

export function withVariant(variant: Variant, cases: Case[]): Case[] {
	return cases.map((each) => ({ ...each, variant }));
}
