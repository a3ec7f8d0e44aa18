import process from 'node:process';
import { Env, type Variables } from './env.ts';
import type { EngineName, Handoff, WebSocketHandoff } from '../shared/handoff.ts';
import type { AddressOptions } from './http/address.ts';
import type { OriginOptions } from './http/origin.ts';

/** Everything the server runs by, fixed at start. Bytes and seconds. */
export interface Config {
	readonly host: string;
	readonly port: number;
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
	const env = new Env(handoff.envPrefix, variables);
	return Object.freeze({
		host: env.text('HOST', '0.0.0.0'),
		port: env.integer('PORT', 3000, 0, 65535),
		engine: env.oneOf('ENGINE', ['auto', 'uws'], handoff.engine),
		bodySizeLimit: env.bytes('BODY_SIZE_LIMIT', 512 * 1024),
		shutdownTimeout: env.integer('SHUTDOWN_TIMEOUT', 30, 0),
		origin: {
			pinned: handoff.origin,
			protocolHeader: env.header('PROTOCOL_HEADER'),
			hostHeader: env.header('HOST_HEADER'),
			portHeader: env.header('PORT_HEADER')
		},
		address: {
			header: env.header('ADDRESS_HEADER'),
			variable: env.name('ADDRESS_HEADER'),
			xffDepth: env.integer('XFF_DEPTH', 1, 1)
		},
		websocket: handoff.websocket && {
			...handoff.websocket,
			maxConnections: handoff.websocket.maxConnections ?? defaultMaxConnections()
		}
	});
}

/** 90 % of what the system allows: at the limit uWS can accept nothing and waits at full speed. */
function defaultMaxConnections(): number {
	const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
	const limit = report.userLimits?.open_files?.soft;
	return typeof limit === 'number' ? Math.floor(limit * 0.9) : Infinity;
}
