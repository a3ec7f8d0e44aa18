import { fileURLToPath } from 'node:url';

export type WorkKind = 'http' | 'socket';

/** A server that is measured. */
export interface Subject {
	name: string;
	/** What is in the table's head. */
	title: string;
	command: string[];
	env: Record<string, string>;
	/** What it can be asked. */
	kinds: readonly WorkKind[];
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const node = process.execPath;
const bun = path('../node_modules/.bin/bun');
const app = (adapter: string) => path(`app/build/${adapter}`);
const both = ['http', 'socket'] as const;

/** Every ratio is one to this for HTTP; for sockets, to the raw uWebSockets.js. */
export const references = { http: 'adapter-node', socket: 'raw-uws' } as const;

export const subjects: readonly Subject[] = [
	{
		name: 'adapter-node',
		title: 'adapter-node 6',
		command: [node, app('node')],
		env: {},
		kinds: ['http']
	},
	{
		name: 'uws',
		title: 'ours, uWebSockets.js',
		command: [node, app('ws')],
		env: { ENGINE: 'uws' },
		kinds: both
	},
	{
		name: 'bun',
		title: 'ours, Bun',
		command: [bun, app('ws')],
		env: {},
		kinds: both
	},
	{
		name: 'node',
		title: 'ours, Node',
		command: [node, app('ws')],
		env: { ENGINE: 'node' },
		kinds: both
	},
	{
		name: 'raw-uws',
		title: 'uWebSockets.js alone',
		command: [node, path('raw/uws.ts')],
		env: {},
		kinds: ['socket']
	},
	{
		name: 'raw-ws',
		title: '`ws` alone',
		command: [node, path('raw/ws.ts')],
		env: {},
		kinds: ['socket']
	}
];
