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

export const subjects: Subject[] = [
	{ name: 'uws', env: { ENGINE: 'uws' } },
	{ name: 'uws without fast paths', env: { ENGINE: 'uws', ...slow } },
	{ name: 'node', env: { ENGINE: 'node' } },
	{ name: 'bun', env: { ENGINE: 'bun' }, runtime: bunBinary }
];

export function byName(name: string): Subject {
	const found = subjects.find((subject) => subject.name === name);
	if (found === undefined) throw new Error(`There is no subject ${name}`);
	return found;
}
