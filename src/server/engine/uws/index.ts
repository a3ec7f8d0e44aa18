import { createServer } from 'node:net';
import type {
	HttpRequest,
	HttpResponse,
	us_listen_socket,
	us_socket_context_t
} from 'uWebSockets.js';
import type { AdapterError } from '../../../shared/errors.ts';
import type { Engine, EngineHandlers, EngineOptions, ListenOptions } from '../engine.ts';
import { listenFailed } from '../listen.ts';
import { asksForWebSocket } from '../upgrade.ts';
import { UwsExchange } from './exchange.ts';
import { statusLine } from './headers.ts';
import { loadUws, type Uws, type UwsApp } from './load.ts';
import { isRefused } from './refusal.ts';
import { socketBehavior } from './socket.ts';

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
	readonly #uws: Uws;
	readonly #app: UwsApp;
	readonly #handlers: EngineHandlers;
	readonly #hasSockets: boolean;
	#listenSocket: us_listen_socket | undefined;
	#isClosed = false;

	constructor(uws: Uws, description: string, options: EngineOptions, handlers: EngineHandlers) {
		this.description = description;
		this.#uws = uws;
		this.#app = uws.App();
		this.#handlers = handlers;
		this.#hasSockets = options.sockets !== undefined;
		if (options.sockets) {
			this.#app.ws('/*', {
				...socketBehavior(uws, this.#app, options.sockets, (where, run) => this.#guard(where, run)),
				upgrade: (res, req, context) => this.#receive(res, req, context)
			});
		}
		this.#app.any('/*', (res, req) => this.#receive(res, req));
	}

	async listen({ host, port }: ListenOptions): Promise<ListenOptions> {
		const exclusive = this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
		const listenSocket = await new Promise<us_listen_socket | false>((resolve) => {
			this.#app.listen(host, port, exclusive, resolve);
		});
		if (listenSocket === false) throw await listenError(host, port);
		this.#listenSocket = listenSocket;
		return { host, port: this.#uws.us_socket_local_port(listenSocket) };
	}

	publish(topic: string, data: string | Uint8Array, compress: boolean): void {
		// Before a socket route exists, and after the end, this would end the process.
		if (!this.#hasSockets || this.#isClosed) return;
		this.#app.publish(topic, data, typeof data !== 'string', compress);
	}

	subscribers(topic: string): number {
		return this.#hasSockets && !this.#isClosed ? this.#app.numSubscribers(topic) : 0;
	}

	stop(): void {
		if (this.#listenSocket === undefined) return;
		this.#uws.us_listen_socket_close(this.#listenSocket);
		this.#listenSocket = undefined;
	}

	close(): void {
		this.stop();
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#app.close();
	}

	#receive(res: HttpResponse, req: HttpRequest, context?: us_socket_context_t): void {
		const exchange = new UwsExchange(res, req, context);
		try {
			if (isRefused(exchange.method, exchange.headers)) refuse(res);
			else if (this.#hasSockets && asksForWebSocket(exchange)) this.#handlers.upgrade(exchange);
			else this.#handlers.request(exchange);
		} catch (error) {
			this.#handlers.error(error, 'request');
			void exchange.send({ status: 500, headers: [] }, null);
		}
	}

	#guard(where: string, run: () => void): void {
		try {
			run();
		} catch (error) {
			this.#handlers.error(error, where);
		}
	}
}

function refuse(res: HttpResponse): void {
	res.writeStatus(statusLine(400)).end('Bad Request', true);
}

/** uWS only says that it could not listen; `node:net` knows why. */
async function listenError(host: string, port: number): Promise<AdapterError> {
	const cause = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
		const probe = createServer();
		probe.once('error', resolve);
		probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
	});
	return listenFailed(host, port, cause);
}
