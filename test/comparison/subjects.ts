/** A way to run our build that has to answer as adapter-node does. */
export interface Subject {
	name: string;
	env: Record<string, string>;
}

export const subjects: Subject[] = [
	{ name: 'uws', env: { ENGINE: 'uws' } },
	{ name: 'node', env: { ENGINE: 'node' } }
];
