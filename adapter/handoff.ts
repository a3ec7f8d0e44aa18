import type { Builder } from '@sveltejs/kit';
import type {
	AssetTable,
	Handoff,
	ServerSettings,
	WebSocketHandoff
} from '../src/shared/handoff.ts';
import type { ResolvedOptions } from './options.ts';
import type { KitContext } from './vite/context.ts';
import {
	envEntry,
	handlerEntry,
	leadEntry,
	nodeVersionEntry,
	startEntry,
	websocketEntry
} from './vite/entries.ts';

/** The part of the hand-off that is data. */
type Data = Omit<Handoff, 'server' | 'dir' | 'websocket'> & {
	websocket: false | Omit<WebSocketHandoff, 'load'>;
};

/** What the build decided, as data. */
export function handoffData(
	builder: Builder,
	options: ResolvedOptions,
	tables: { assets: AssetTable; prerendered: AssetTable },
	readsOrigin = false
): Data {
	const { paths } = builder.config;
	return {
		base: paths.base,
		appPath: builder.getAppPath(),
		origin: paths.origin,
		readsOrigin,
		envPrefix: options.envPrefix,
		engine: options.engine,
		mimeTypes: builder.mimeTypes,
		...tables,
		websocket: options.websocket && webSocketSettings(options.websocket, builder.config)
	};
}

/** What decides about sockets, from the adapter's options and from Kit's. */
export function webSocketSettings(
	options: Exclude<ResolvedOptions['websocket'], false>,
	{ csrf, router }: Pick<KitContext, 'csrf' | 'router'>
): Omit<WebSocketHandoff, 'load'> {
	return {
		allowedOrigins: options.allowedOrigins,
		maxPayload: options.maxPayload,
		idleTimeout: options.idleTimeout,
		maxBackpressure: options.maxBackpressure,
		closeOnBackpressureLimit: options.closeOnBackpressureLimit,
		rateLimit: options.rateLimit,
		maxConnections: options.maxConnections,
		upgradeTimeout: options.upgradeTimeout,
		compression: options.compression,
		trustedOrigins: csrf.trustedOrigins,
		isHashRouted: router.type === 'hash'
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

/** What a module in `build/` exports. */
export const exported = {
	serve: ['server', 'path', 'host', 'port'],
	handler: ['handler', 'attach', 'upgrade', 'close']
} as const;

/** `build/index.js`: starts the server when it is loaded, or the processes that are one together. */
export function indexModule({ envPrefix, readsOrigin, engine }: ServerSettings): string {
	const settings = JSON.stringify({ envPrefix, readsOrigin, engine });
	return `import { fileURLToPath } from 'node:url';
${firstLine}const { lead } = await import('./server/${leadEntry}.js');

const dir = fileURLToPath(new URL('.', import.meta.url)).slice(0, -1);
const primary = await lead({ ...${settings}, dir });

export const server = primary ?? (await import('./serve.js')).server;
export const { path, host, port } = server;
`;
}

/** `build/serve.js`: one process that serves. What leads several loads none of it. */
export function serveModule(): string {
	return `const { handoff } = await import('./handoff.js');
const { run } = await import('./server/${startEntry}.js');

export const server = await run(handoff);
export const { path, host, port } = server;
`;
}

/** `build/handler.js`: the app for a server of one's own. */
export function handlerModule(): string {
	return `${firstLine}const { handoff } = await import('./handoff.js');
const { createHandler } = await import('./server/${handlerEntry}.js');

export const { ${exported.handler.join(', ')} } = await createHandler(handoff);
`;
}

/** An old Node may not get any further than to be told. */
const firstLine = `import { warnOfOldNode } from './server/${nodeVersionEntry}.js';

warnOfOldNode();
`;

/** `build/env.js`, which adapter-node 5 has for servers of one's own. */
export function envModule({
	envPrefix,
	readsOrigin = false
}: Pick<Handoff, 'envPrefix' | 'readsOrigin'>): string {
	const prefix = JSON.stringify(envPrefix);
	return `import { fileURLToPath } from 'node:url';
import { createReaders } from './server/${envEntry}.js';

export const dir = fileURLToPath(new URL('.', import.meta.url)).slice(0, -1);
export const env_prefix = ${prefix};
export const { env, timeout_env } = createReaders(env_prefix, process.env, ${readsOrigin});
`;
}

/** `build/shims.js`, with which adapter-node 5 completed an old Node. */
export const shimsModule = 'export {};\n';
