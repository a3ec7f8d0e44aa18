import process from 'node:process';
import type { AppOptions, TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import { addonError } from '../../../addon/failure.ts';
import { readHost } from '../../../addon/host.ts';
import { findAddon } from '../../../addon/package.ts';

/** What this engine uses of the addon. The addon's own types leave a part of it out. */
export interface Uws {
	App(): UwsApp;
	SSLApp(options: AppOptions): UwsApp;
	us_listen_socket_close(socket: us_listen_socket): void;
	us_socket_local_port(socket: us_listen_socket): number;
	LIBUS_LISTEN_EXCLUSIVE_PORT: number;
	SHARED_COMPRESSOR: number;
	SHARED_DECOMPRESSOR: number;
	/** `silent` stops uWS from naming itself in every answer. */
	_cfg?(key: string): void;
	/** Only newer builds have it. */
	DeclarativeResponse?: unknown;
}

type Listen = (
	host: string,
	port: number,
	option: number,
	done: (socket: us_listen_socket | false) => void
) => void;

/** `listen` with a host and an option is real, but missing from the types. */
export type UwsApp = Omit<TemplatedApp, 'listen'> & { listen: TemplatedApp['listen'] & Listen };

/**
 * Load the native addon.
 * @throws {AdapterError} `uws_missing` with the reason and the way out
 */
export async function loadUws(): Promise<{ uws: Uws; description: string }> {
	// The addon reads this once, while it loads; its own default of 4096 refuses large cookies.
	process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= '16384';
	const uws = await importUws();
	uws._cfg?.('silent');
	const isCurrent = uws.DeclarativeResponse !== undefined;
	const version = isCurrent
		? ''
		: ' (an old build, about v20.48; v20.70 from uNetworking is current)';
	return { uws, description: `uWebSockets.js${version}` };
}

async function importUws(): Promise<Uws> {
	try {
		// The official package has a default export, uws-pack named exports only.
		const module = (await import('uWebSockets.js')) as unknown as Uws & { default?: Uws };
		const uws = module.default ?? module;
		if (typeof uws.App !== 'function') throw new Error('it is no uWebSockets.js: it has no App');
		return uws;
	} catch (cause) {
		// The build says what would end the process: `adapter/native.ts`.
		const { message = String(cause), end } = Object(cause) as {
			message?: string;
			end?: string;
		};
		throw addonError(
			'uWebSockets.js could not be loaded',
			findAddon(import.meta.url),
			{ message, end, cause },
			readHost()
		);
	}
}
