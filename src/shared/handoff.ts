import type { Server } from '@sveltejs/kit';

/**
 * What the build knows and the server needs: the shape of `build/handoff.js`, the one bridge between the two.
 * Everything but `server`, `dir` and `websocket.load` is plain data.
 */
export interface Handoff {
	/** Kit's server with the app's manifest. */
	server: Server;
	/** Absolute path of the output directory, without a slash at its end. */
	dir: string;
	/** `paths.base`: empty, or with a slash at its start and none at its end. */
	base: string;
	/** Kit's `appDir` with the base, as in `builder.getAppPath()`. */
	appPath: string;
	/** `paths.origin`, if the app pins it. */
	origin: string | undefined;
	/** SvelteKit 2, which knows no `paths.origin`: the variable ORIGIN pins it. */
	readsOrigin?: boolean;
	envPrefix: string;
	engine: EngineName;
	/** Content types by extension, which includes the dot. */
	mimeTypes: Record<string, string>;
	assets: AssetTable;
	prerendered: AssetTable;
	/** False if the app turned sockets off. */
	websocket: false | WebSocketHandoff;
}

/** What decides about a server before the app is loaded. */
export type ServerSettings = Pick<Handoff, 'envPrefix' | 'readsOrigin' | 'engine'>;

/** What a server can be asked to run on. */
export const engineNames = ['auto', 'uws', 'node', 'bun'] as const;

export type EngineName = (typeof engineNames)[number];

export interface WebSocketHandoff extends WebSocketSettings {
	/** Kit's `csrf.trustedOrigins`. */
	trustedOrigins: string[];
	/** Kit routes by the hash of the URL: it answers 404 to every path but the root. */
	isHashRouted: boolean;
	/** Loads the compiled `src/websocket`; absent if the app has none. */
	load?: () => Promise<object>;
}

/** The `websocket` options after validation. Bytes and seconds, as in the options. */
export interface WebSocketSettings {
	allowedOrigins: 'same-origin' | '*' | string[];
	maxPayload: number;
	idleTimeout: number;
	maxBackpressure: number;
	closeOnBackpressureLimit: boolean;
	/** Absent: a peer may send as much as it likes. */
	rateLimit?: RateLimit;
	/** Absent: 90 % of the process's limit of file descriptors. */
	maxConnections?: number;
	upgradeTimeout: number;
	compression: boolean;
}

/** How much a peer may send. */
export interface RateLimit {
	messages: number;
	/** Milliseconds. */
	per: number;
}

/** The files of one directory by URL: `aliases` are further URLs of an entry's URL. */
export interface AssetTable {
	entries: [url: string, entry: AssetEntry][];
	aliases: [alias: string, url: string][];
}

export interface AssetEntry {
	/** Relative to the directory. */
	file: string;
	/** Bytes. */
	size: number;
	/** Hash of the content, without quotes. */
	etag: string;
	/** Content type of an answer that was prerendered; absent where the extension says it. */
	type?: string;
	/** Bytes of the gzip variant `file.gz`, if it exists. */
	gz?: number;
	/** Bytes of the brotli variant `file.br`, if it exists. */
	br?: number;
}
