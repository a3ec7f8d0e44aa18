import { broadcast, echo, handshakes } from './load/sockets.ts';
import { wrk } from './load/wrk.ts';
import type { WorkKind } from './subjects.ts';

/** Something that servers are asked to do, again and again. */
export interface Work {
	name: string;
	kind: WorkKind;
	/** What is counted. */
	unit: 'request' | 'message' | 'delivery' | 'handshake';
	/** Run it for so many seconds. @returns how often it was done */
	run(port: number, seconds: number): Promise<number>;
}

const get = (name: string, path: string): Work => ({
	name,
	kind: 'http',
	unit: 'request',
	run: (port, seconds) => wrk({ port, path, seconds })
});

/** About 2 KB. */
const body = JSON.stringify({
	items: Array.from({ length: 40 }, (_, id) => ({ id, name: `Item ${id}`, note: 'some words' }))
});

export const works: readonly Work[] = [
	get('20 KB file', '/20k.txt'),
	get('prerendered page', '/prerendered'),
	get('small endpoint', '/endpoint'),
	{
		name: 'JSON POST of 2 KB',
		kind: 'http',
		unit: 'request',
		run: (port, seconds) => wrk({ port, path: '/post', seconds, body })
	},
	get('page, 20 items', '/page'),
	get('page, 1,000 items', '/thousand'),
	get('streamed page', '/streamed'),
	{ name: '404 page', kind: 'http', unit: 'request', run: notFound },
	{ name: 'echo of 100 bytes', kind: 'socket', unit: 'message', run: echo },
	{ name: 'broadcast to 1,000', kind: 'socket', unit: 'delivery', run: broadcast },
	{ name: 'handshakes', kind: 'socket', unit: 'handshake', run: handshakes }
];

function notFound(port: number, seconds: number): Promise<number> {
	return wrk({ port, path: '/nowhere', seconds, isRefused: true });
}
