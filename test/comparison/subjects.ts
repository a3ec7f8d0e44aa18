import { bunBinary } from '../support/bun.ts';

/** A way to run our build that has to answer as adapter-node does. */
export interface Subject {
	name: string;
	env: Record<string, string>;
	/** The binary that runs it. Default: Node. */
	runtime?: string;
}

export const subjects: Subject[] = [
	{ name: 'uws', env: { ENGINE: 'uws' } },
	{ name: 'node', env: { ENGINE: 'node' } },
	{ name: 'bun', env: { ENGINE: 'bun' }, runtime: bunBinary }
];
