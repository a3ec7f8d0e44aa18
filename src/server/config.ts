import { existsSync } from 'node:fs';
import process from 'node:process';
import type { ListenOptions } from './engine/engine.ts';
import { Env, type Variables } from './env.ts';
import type { EngineName, Handoff, WebSocketHandoff } from '../shared/handoff.ts';
import type { AddressOptions } from './http/address.ts';
import type { OriginOptions } from './http/origin.ts';

/** Everything the server runs by, fixed at start. Bytes and seconds. */
export interface Config {
	readonly listen: ListenOptions;
	readonly tls: { cert: string; key: string } | undefined;
	readonly keepAliveTimeout: number | undefined;
	readonly headersTimeout: number | undefined;
	/** Without a request for so long a server that systemd started ends; 0: never. */
	readonly idleTimeout: number;
	readonly engine: EngineName;
	readonly bodySizeLimit: number;
	readonly shutdownTimeout: number;
	readonly origin: OriginOptions;
	readonly address: AddressOptions;
	readonly websocket: false | WebSocketConfig;
}

export interface WebSocketConfig extends WebSocketHandoff {
	maxConnections: number;
}

/**
 * One frozen config from what the build decided and what the environment says.
 * @throws {AdapterError} `bad_env`
 */
export function createConfig(handoff: Handoff, variables: Variables): Config {
	const env = new Env(handoff.envPrefix, variables, handoff.readsOrigin);
	const listen = listenOptions(env);
	return Object.freeze({
		listen,
		tls: tlsFiles(env),
		keepAliveTimeout: env.optionalInteger('KEEP_ALIVE_TIMEOUT'),
		headersTimeout: env.optionalInteger('HEADERS_TIMEOUT'),
		idleTimeout: 'fd' in listen ? env.integer('IDLE_TIMEOUT', 0, 0, longestTimer) : 0,
		engine: env.oneOf('ENGINE', ['auto', 'uws', 'node'], handoff.engine),
		bodySizeLimit: env.bytes('BODY_SIZE_LIMIT', 512 * 1024),
		shutdownTimeout: env.integer('SHUTDOWN_TIMEOUT', 30, 0, longestTimer),
		origin: {
			pinned: handoff.readsOrigin ? env.origin('ORIGIN') : handoff.origin,
			protocolHeader: env.header('PROTOCOL_HEADER'),
			hostHeader: env.header('HOST_HEADER'),
			portHeader: env.header('PORT_HEADER'),
			variables: {
				protocol: env.name('PROTOCOL_HEADER'),
				host: env.name('HOST_HEADER'),
				port: env.name('PORT_HEADER'),
				pinned: handoff.readsOrigin ? env.name('ORIGIN') : 'paths.origin'
			}
		},
		address: {
			header: env.header('ADDRESS_HEADER'),
			variable: env.name('ADDRESS_HEADER'),
			depthVariable: env.name('XFF_DEPTH'),
			xffDepth: env.integer('XFF_DEPTH', 1, 1)
		},
		websocket: handoff.websocket && {
			...handoff.websocket,
			maxConnections: handoff.websocket.maxConnections ?? defaultMaxConnections()
		}
	});
}

/** Seconds; `setTimeout` fires at once above this. */
const longestTimer = 2_147_483;

/** The first descriptor that systemd hands over: sd_listen_fds(3). */
const firstDescriptor = 3;

function listenOptions(env: Env): ListenOptions {
	const pid = env.integer('LISTEN_PID', 0, 0);
	const descriptors = env.integer('LISTEN_FDS', 0, 0);
	if (pid !== 0 && pid !== process.pid) {
		return env.fail(
			'LISTEN_PID',
			`It is meant for another process than this one, ${process.pid}: unset it.`
		);
	}
	if (descriptors > 1) return env.fail('LISTEN_FDS', 'Hand over one socket.');
	if (descriptors === 1 && pid === process.pid) return { fd: firstDescriptor };
	const path = env.text('SOCKET_PATH');
	if (path !== undefined) return { path };
	return { host: env.text('HOST', '0.0.0.0'), port: env.integer('PORT', 3000, 0, 65535) };
}

function tlsFiles(env: Env): { cert: string; key: string } | undefined {
	const cert = env.text('SSL_CERT');
	const key = env.text('SSL_KEY');
	if (cert === undefined && key === undefined) return undefined;
	for (const name of ['SSL_CERT', 'SSL_KEY'] as const) {
		const path = env.text(name);
		if (path === undefined) return env.fail(name, 'Set both SSL_CERT and SSL_KEY, or none.');
		if (!existsSync(path)) return env.fail(name, 'Set it to the path of a PEM file.');
	}
	return { cert: cert ?? '', key: key ?? '' };
}

/** 90 % of what the system allows: at the limit uWS can accept nothing and waits at full speed. */
function defaultMaxConnections(): number {
	const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
	const limit = report.userLimits?.open_files?.soft;
	return typeof limit === 'number' ? Math.floor(limit * 0.9) : Infinity;
}
