import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { createSecureContext } from 'node:tls';
import type { ListenOptions } from './engine/engine.ts';
import { parseAddress, type BrokerAddress } from './bus/broker/address.ts';
import { Env, type Variables } from './env.ts';
import { AdapterError } from '../shared/errors.ts';
import {
	engineNames,
	type EngineName,
	type Handoff,
	type ServerSettings,
	type WebSocketHandoff
} from '../shared/handoff.ts';
import type { AddressOptions } from './http/address.ts';
import type { OriginOptions } from './http/origin.ts';
import type { Log } from './log.ts';

/** What the app is run by on every server, fixed at start. Bytes and seconds. */
export interface AppConfig {
	readonly bodySizeLimit: number;
	readonly origin: OriginOptions;
	readonly address: AddressOptions;
	readonly websocket: false | WebSocketConfig;
	/** Shortcuts are taken that no app can see. */
	readonly isFast: boolean;
	/** The broker that other processes are reached by. */
	readonly broker: BrokerConfig | undefined;
}

export interface BrokerConfig {
	readonly address: BrokerAddress;
	/** Tells apps apart that share the broker. */
	readonly prefix: string;
	/** What the address stands in, as the user writes it. */
	readonly variable: string;
}

/** What our own server is run by; a server of somebody else has its own. */
export interface ServerConfig {
	readonly listen: ListenOptions;
	readonly tls: TlsFiles | undefined;
	readonly keepAliveTimeout: number | undefined;
	readonly headersTimeout: number | undefined;
	/** Without a request for so long a server that systemd started ends; 0: never. */
	readonly idleTimeout: number;
	readonly engine: EngineName;
	readonly shutdownTimeout: number;
	/** Processes that serve together. */
	readonly workers: number;
}

export interface Config extends AppConfig, ServerConfig {}

/** Paths of PEM files. */
interface TlsFiles {
	cert: string;
	key: string;
}

export interface WebSocketConfig extends WebSocketHandoff {
	maxConnections: number;
}

/**
 * One frozen config from what the build decided and what the environment says.
 * @param log is warned of variables that look as if they were meant for another program
 * @throws {AdapterError} `bad_env`
 */
export function createConfig(handoff: Handoff, variables: Variables, log: Log): Config {
	const env = readEnv(handoff, variables);
	return Object.freeze({ ...appConfig(handoff, env), ...serverConfig(handoff, env, log) });
}

/**
 * How many processes are asked for.
 * @throws {AdapterError} `bad_env`
 */
export function readWorkers(settings: ServerSettings, variables: Variables): number {
	return workers(readEnv(settings, variables));
}

/**
 * The same without what only the app is run by.
 * @throws {AdapterError} `bad_env`
 */
export function createServerConfig(
	settings: ServerSettings,
	variables: Variables,
	log: Log
): ServerConfig & Pick<AppConfig, 'broker'> {
	const env = readEnv(settings, variables);
	return Object.freeze({ ...serverConfig(settings, env, log), broker: brokerConfig(env) });
}

function serverConfig({ engine }: ServerSettings, env: Env, log: Log): ServerConfig {
	const listen = listenOptions(env);
	return {
		listen,
		tls: tlsFiles(env, log),
		keepAliveTimeout: env.optionalInteger('KEEP_ALIVE_TIMEOUT'),
		headersTimeout: env.optionalInteger('HEADERS_TIMEOUT'),
		idleTimeout: 'fd' in listen ? env.integer('IDLE_TIMEOUT', 0, 0, longestTimer) : 0,
		engine: engineName(env, engine, log),
		shutdownTimeout: env.integer('SHUTDOWN_TIMEOUT', 30, 0, longestTimer),
		workers: workers(env)
	};
}

/**
 * For a server of somebody else, whose variables are its own: where it listens, and with what, is not read.
 * @throws {AdapterError} `bad_env`
 */
export function createAppConfig(handoff: Handoff, variables: Variables): AppConfig {
	return Object.freeze(appConfig(handoff, readEnv(handoff, variables)));
}

function readEnv({ envPrefix, readsOrigin }: ServerSettings, variables: Variables): Env {
	return new Env(envPrefix, variables, readsOrigin);
}

function appConfig(handoff: Handoff, env: Env): AppConfig {
	return {
		bodySizeLimit: env.bytes('BODY_SIZE_LIMIT', 512 * 1024),
		broker: brokerConfig(env),
		isFast: env.oneOf('SVELTE_ADAPTER_WS_FAST', ['0', '1'], '1') === '1',
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
	};
}

function workers(env: Env): number {
	if (env.text('WORKERS') === 'auto') return availableParallelism();
	return env.integer('WORKERS', 1, 1, 1024, ', or to auto');
}

function brokerConfig(env: Env): BrokerConfig | undefined {
	const url = env.text('BUS_URL');
	if (url === undefined) return undefined;
	const variable = env.name('BUS_URL');
	return {
		address: parseAddress(url, variable),
		prefix: env.text('BUS_PREFIX', 'svelte-adapter-ws'),
		variable
	};
}

/** A common name: without a prefix of its own a value that is none of ours is for another program. */
function engineName(env: Env, fallback: EngineName, log: Log): EngineName {
	const text = env.text('ENGINE');
	const isKnown = engineNames.some((name) => name === text);
	if (text === undefined || isKnown || env.hasPrefix)
		return env.oneOf('ENGINE', engineNames, fallback);
	log.warn(
		'The environment variable ENGINE names no engine of this server and is ignored',
		JSON.stringify(text),
		`Set it to ${engineNames.join(' or ')}, or leave it to the program that it is meant for.`
	);
	return fallback;
}

/** The variables of TLS, which belong together. */
const tlsNames = ['SSL_CERT', 'SSL_KEY'] as const;

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

/** One of the two alone is for another program, as `ENGINE` may be. */
function tlsFiles(env: Env, log: Log): TlsFiles | undefined {
	const cert = env.text('SSL_CERT');
	const key = env.text('SSL_KEY');
	if (cert !== undefined && key !== undefined) return checkTls(env, { cert, key });
	if (cert === key) return undefined;
	const [given, missing] = key === undefined ? tlsNames : tlsNames.toReversed();
	if (env.hasPrefix) return env.fail(missing, 'Set both SSL_CERT and SSL_KEY, or none.');
	log.warn(
		`The environment variable ${given} is ignored, because ${missing} is not set`,
		JSON.stringify(cert ?? key),
		'Set both for TLS.'
	);
	return undefined;
}

function checkTls(env: Env, files: TlsFiles): TlsFiles {
	for (const [name, path] of [
		['SSL_CERT', files.cert],
		['SSL_KEY', files.key]
	] as const) {
		if (!existsSync(path)) env.fail(name, 'Set it to the path of a PEM file.');
	}
	try {
		createSecureContext({ cert: readFileSync(files.cert), key: readFileSync(files.key) });
	} catch (cause) {
		throw new AdapterError('bad_env', {
			what: `The files of ${env.name('SSL_CERT')} and ${env.name('SSL_KEY')} cannot be used for TLS`,
			value: cause instanceof Error ? cause.message : String(cause),
			todo: 'Set them to a certificate and to its key, both in PEM form.',
			cause
		});
	}
	return files;
}

/** 90 % of what the system allows: at the limit uWS can accept nothing and waits at full speed. */
function defaultMaxConnections(): number {
	const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
	const limit = report.userLimits?.open_files?.soft;
	return typeof limit === 'number' ? Math.floor(limit * 0.9) : Infinity;
}
