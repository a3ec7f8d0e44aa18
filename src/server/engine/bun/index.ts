import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { AdapterError } from '../../../shared/errors.ts';
import type {
	Engine,
	EngineHandlers,
	EngineOptions,
	InStep,
	ListenOptions,
	ResponseHead,
	SocketData
} from '../engine.ts';
import { Dispatcher } from '../dispatch.ts';
import { explainFailure } from '../listen.ts';
import { clearSocketPath } from '../socket-file.ts';
import { Stopping } from '../stopping.ts';
import { BunExchange, type BunHost } from './exchange.ts';
import { refuseOnBun } from './descriptors.ts';
import { findBun, type BunRuntime, type BunServeOptions, type BunServer } from './runtime.ts';
import { Responses } from './responses.ts';
import { BunSockets } from './sockets.ts';

/** Seconds that a connection may wait for its next request. */
const idleTimeout = 10;

/**
 * The engine on Bun's own server.
 * @throws {AdapterError} `bun_missing` on Node
 */
export function createBunEngine(options: EngineOptions, handlers: EngineHandlers): Promise<Engine> {
	const bun = findBun();
	if (bun) return Promise.resolve(new BunEngine(bun, options, handlers));
	const error = new AdapterError('bun_missing', {
		what: 'The engine bun runs on Bun only',
		value: `this is Node ${process.versions.node}`,
		todo: 'Start the build with "bun ./build", or set ENGINE to auto.'
	});
	return Promise.reject(error);
}

class BunEngine implements Engine, BunHost {
	readonly name = 'bun';
	readonly description: string;
	readonly limits = { adoptsDescriptors: false, hasTimeouts: false };
	readonly bun: BunRuntime;
	/** Trackers subscribe to it, and Bun forgets who has subscribed to a channel that nobody holds. */
	readonly requestStarts = channel('http.server.request.start');
	readonly idleTimeout = idleTimeout;
	readonly responses: Responses;
	readonly kept = new WeakMap<ResponseHead, Response>();
	readonly #options: EngineOptions;
	readonly #dispatcher: Dispatcher;
	readonly #sockets: BunSockets | undefined;
	#server: BunServer | undefined;
	#unanswered = 0;
	readonly stopping = new Stopping(() => void this.#server?.stop(false));
	#isClosed = false;

	constructor(bun: BunRuntime, options: EngineOptions, handlers: EngineHandlers) {
		this.bun = bun;
		this.responses = new Responses(global);
		this.description = `Bun ${bun.version}`;
		this.#options = options;
		this.#dispatcher = new Dispatcher(handlers);
		this.#sockets = options.sockets && new BunSockets(options.sockets, this.#dispatcher);
	}

	async listen(options: ListenOptions): Promise<ListenOptions> {
		refuseOnBun(options);
		if ('path' in options) await clearSocketPath(options.path);
		try {
			this.#server = this.bun.serve(this.#serveOptions(options));
		} catch {
			throw await explainFailure(options);
		}
		if ('path' in options) return options;
		return { host: options.host, port: this.#server.port ?? options.port };
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.#sockets?.publish(topic, data, compress);
	}

	subscribers(topic: string): number {
		return this.#sockets?.size(topic) ?? 0;
	}

	get leaving(): number {
		const answers = (this.#server?.pendingRequests ?? 0) - this.#unanswered;
		return Math.max(answers, 0) + (this.#sockets?.leaving.size ?? 0);
	}

	stop(patience = 0, inStep?: InStep): Promise<void> {
		return this.stopping.stop(patience, inStep);
	}

	close(): void {
		void this.stop();
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#sockets?.close();
		this.responses.restore();
		void this.#server?.stop(true);
	}

	count(change: 1 | -1): void {
		this.#unanswered += change;
	}

	#serveOptions(options: Exclude<ListenOptions, { fd: number }>): BunServeOptions {
		const { tls } = this.#options;
		return {
			...('path' in options
				? { unix: options.path }
				: { hostname: options.host, port: options.port }),
			...(tls && {
				tls: { cert: readFileSync(tls.cert, 'utf8'), key: readFileSync(tls.key, 'utf8') }
			}),
			...(this.#sockets && { websocket: this.#sockets.handlers() }),
			reusePort: 'isShared' in options && options.isShared === true,
			development: false,
			idleTimeout,
			// The app has a limit of its own.
			maxRequestBodySize: Number.MAX_SAFE_INTEGER,
			fetch: (request, server) => this.#receive(new BunExchange(request, server, this)),
			error: (error) => {
				this.#dispatcher.report('request', error);
				return new Response(null, { status: 500 });
			}
		};
	}

	#receive(exchange: BunExchange) {
		// It asks for what is no answer of a server like this one.
		if (exchange.method === 'CONNECT') exchange.cut(new Error('CONNECT is for proxies'));
		else if (this.#sockets) this.#dispatcher.upgradable(exchange);
		else this.#dispatcher.request(exchange);
		return exchange.answer();
	}
}
