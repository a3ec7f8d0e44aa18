import process from 'node:process';
import { bunBinary } from '../support/bun.ts';

/** A way to run our build that has to answer as adapter-node does. */
export interface Subject {
	name: string;
	env: Record<string, string>;
	/** The binary that runs it. Default: Node. */
	runtime?: string;
}

/** What the fast paths answer is also answered without them. */
export const slow = { SVELTE_ADAPTER_WS_FAST: '0' };

/** The addon of the npm registry has no binary for what comes after it. */
const newestWithAddon = 22;

const isWithAddon = Number(process.versions.node.split('.')[0]) <= newestWithAddon;

const onUws: Subject[] = [
	{ name: 'uws', env: { ENGINE: 'uws' } },
	{ name: 'uws without fast paths', env: { ENGINE: 'uws', ...slow } }
];

/** There it is the other engine of Node that has to do the same without its fast paths. */
const instead: Subject[] = [{ name: 'node without fast paths', env: { ENGINE: 'node', ...slow } }];

const node: Subject = { name: 'node', env: { ENGINE: 'node' } };

export const subjects: Subject[] = [
	...(isWithAddon ? onUws : instead),
	node,
	{ name: 'bun', env: { ENGINE: 'bun' }, runtime: bunBinary }
];

/** What SvelteKit 2 is compared on: one with its fast paths, and one without. */
export const subjectsOfKit2: Subject[] = [
	...onUws.slice(0, 1),
	{ ...node, env: { ...node.env, ...slow } }
];
