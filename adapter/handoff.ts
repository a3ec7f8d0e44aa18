import type { Builder } from '@sveltejs/kit';
import type { AssetTable, Handoff, WebSocketHandoff } from '../src/shared/handoff.ts';
import type { ResolvedOptions } from './options.ts';
import { handlerEntry, startEntry, websocketEntry } from './vite/entries.ts';

/** The part of the hand-off that is data. */
type Data = Omit<Handoff, 'server' | 'dir' | 'websocket'> & {
	websocket: false | Omit<WebSocketHandoff, 'load'>;
};

/** What the build decided, as data. */
export function handoffData(
	builder: Builder,
	options: ResolvedOptions,
	tables: { assets: AssetTable; prerendered: AssetTable }
): Data {
	const { paths, csrf, router } = builder.config;
	return {
		base: paths.base,
		appPath: builder.getAppPath(),
		origin: paths.origin,
		envPrefix: options.envPrefix,
		engine: options.engine,
		mimeTypes: builder.mimeTypes,
		...tables,
		websocket: options.websocket && {
			allowedOrigins: options.websocket.allowedOrigins,
			maxPayload: options.websocket.maxPayload,
			idleTimeout: options.websocket.idleTimeout,
			maxBackpressure: options.websocket.maxBackpressure,
			maxConnections: options.websocket.maxConnections,
			upgradeTimeout: options.websocket.upgradeTimeout,
			compression: options.websocket.compression,
			trustedOrigins: csrf.trustedOrigins,
			isHashRouted: router.type === 'hash'
		}
	};
}

/** `build/handoff.js`. A string for `JSON.parse` loads about twice as fast as a long literal. */
export function handoffModule(data: Data, hasWebSocketEntry: boolean): string {
	const load = hasWebSocketEntry
		? `if (data.websocket) data.websocket.load = () => import('./server/${websocketEntry}.js');`
		: '';
	return `import { fileURLToPath } from 'node:url';
import { server } from './server/server.js';

const data = JSON.parse(${JSON.stringify(JSON.stringify(data))});
${load}

export const handoff = { ...data, server, dir: fileURLToPath(new URL('.', import.meta.url)).slice(0, -1) };
`;
}

/** `build/index.js`: starts the server when it is loaded. */
export function indexModule(): string {
	return `import { handoff } from './handoff.js';
import { start } from './server/${startEntry}.js';

export const server = await start(handoff);
export const { path, host, port } = server;
`;
}

/** `build/handler.js`: the app for a server of one's own. */
export function handlerModule(): string {
	return `import { handoff } from './handoff.js';
import { createHandler } from './server/${handlerEntry}.js';

export const { handler, attach } = await createHandler(handoff);
`;
}
