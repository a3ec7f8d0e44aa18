import type { AppOptions, us_listen_socket } from 'uWebSockets.js';
import type {
	Engine,
	EngineHandlers,
	EngineOptions,
	InStep,
	ListenAddress,
	ListenOptions
} from '../engine.ts';
import { Dispatcher } from '../dispatch.ts';
import type { Ground } from '../ground.ts';
import { explainFailure, refuseDescriptor } from '../listen.ts';
import { clearSocketPath, rememberSocketFile } from '../socket-file.ts';
import { Stopping } from '../stopping.ts';
import { UwsExchange, type UwsHost } from './exchange.ts';
import { loadUws, type Uws, type UwsApp } from './load.ts';
import { UwsSockets } from './sockets.ts';
import { TextEncoding } from './text.ts';

/**
 * The engine on uWebSockets.js.
 * @throws {AdapterError} `uws_missing` if the addon cannot be loaded
 */
export async function createUwsEngine(
	options: EngineOptions,
	handlers: EngineHandlers
): Promise<Engine> {
	const { uws, description } = await loadUws();
	return new UwsEngine(uws, description, options, handlers);
}

class UwsEngine implements Engine {
	readonly name = 'uws';
	readonly description: string;
	readonly limits = { adoptsDescriptors: false, hasTimeouts: false };
	readonly #uws: Uws;
	readonly #app: UwsApp;
	readonly #sockets: UwsSockets | undefined;
	#listenSocket: us_listen_socket | undefined;
	#removeSocketFile = () => {};
	readonly #stopping = new Stopping(() => this.#stopListening());
	#isClosed = false;

	constructor(uws: Uws, description: string, options: EngineOptions, handlers: EngineHandlers) {
		this.description = description;
		this.#uws = uws;
		this.#app = options.tls ? uws.SSLApp(tlsOptions(options.tls)) : uws.App();
		const dispatcher = new Dispatcher(handlers);
		const host: UwsHost = {
			texts: new TextEncoding(),
			heads: new WeakMap(),
			stopping: this.#stopping
		};
		this.#sockets =
			options.sockets &&
			new UwsSockets(this.#app, options.sockets, dispatcher, options.tls !== undefined);
		const sockets = this.#sockets;
		if (sockets) {
			const begin = () => sockets.begin();
			this.#app.ws('/*', {
				...sockets.behavior(uws),
				upgrade: (res, req, context) =>
					dispatcher.upgradable(new UwsExchange(res, req, host, { context, begin }))
			});
		}
		// Without a valid key a request to upgrade comes here, to be refused.
		this.#app.any('/*', (res, req) => {
			const exchange = new UwsExchange(res, req, host);
			if (sockets) dispatcher.upgradable(exchange);
			else dispatcher.request(exchange);
		});
	}

	async listen(options: ListenOptions): Promise<ListenOptions> {
		refuseDescriptor(options, 'uWebSockets.js', 'Set ENGINE=node.');
		// It would remove whatever is there.
		if ('path' in options) await clearSocketPath(options.path);
		const listenSocket = await this.#bind(options);
		if (listenSocket === false) throw await explainFailure(options);
		this.#listenSocket = listenSocket;
		if ('path' in options) {
			this.#removeSocketFile = rememberSocketFile(options.path);
			return options;
		}
		return { host: options.host, port: this.#uws.us_socket_local_port(listenSocket) };
	}

	#bind(options: Exclude<ListenOptions, { fd: number }>): Promise<us_listen_socket | false> {
		return new Promise((resolve) => {
			if ('path' in options) this.#app.listen_unix(resolve, options.path);
			else this.#app.listen(options.host, options.port, this.#sharing(options), resolve);
		});
	}

	/** Without the option a second process on the same port would succeed and share it. */
	#sharing({ isShared = false }: ListenAddress): number {
		return isShared ? 0 : this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
	}

	/** A path with a name comes before the routes of this engine, which take any. */
	ground(): Ground {
		return { engine: 'uws', app: this.#app };
	}

	publish(topic: string, data: string | Uint8Array, compress: boolean): void {
		// Before a socket route exists this would end the process.
		this.#sockets?.publish(topic, data, compress);
	}

	subscribers(topic: string): number {
		return this.#sockets?.size(topic) ?? 0;
	}

	get leaving(): number {
		return this.#sockets?.leaving.size ?? 0;
	}

	stop(patience = 0, inStep?: InStep): Promise<void> {
		return this.#stopping.stop(patience, inStep);
	}

	#stopListening(): void {
		if (this.#listenSocket === undefined) return;
		// Before the socket is closed: until then no other file can be taken for this one.
		this.#removeSocketFile();
		this.#uws.us_listen_socket_close(this.#listenSocket);
		this.#listenSocket = undefined;
	}

	close(): void {
		void this.stop();
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#sockets?.close();
		this.#app.close();
	}
}

function tlsOptions({ cert, key }: NonNullable<EngineOptions['tls']>): AppOptions {
	return { cert_file_name: cert, key_file_name: key };
}
