import type {
	Engine,
	EngineHandlers,
	EngineOptions,
	Exchange
} from '../../../src/server/engine/engine.ts';

/** Where an engine is created. */
export interface Source {
	/** The binary that runs it, which takes TypeScript. */
	runtime: string;
	/** The URL of the module. */
	module: string;
	/** Of the function. */
	name: string;
}

/** An engine under test. A new engine's test file names it and calls the suites. */
export interface Subject {
	name: string;
	create(options: EngineOptions, handlers: EngineHandlers): Promise<Engine>;
	source: Source;
	/** What its runtime keeps to itself, so that no engine on it can have it. */
	lacks?: {
		rawTarget?: true;
		/** Each in a pair of its own. */
		repeatedHeaders?: true;
		bodyOfGet?: true;
		/** Above what is collected before it is sent. */
		lengthOfStream?: true;
	};
	/** How often its process has the file open. */
	openFiles(path: string): number;
	/** How many published messages a slow peer may lose without being counted, before it is known to be one. */
	uncounted: number;
	/** Its connections are in another process: so many bytes may be under way there, and what is lost there is counted later. */
	transit?: number;
}

export interface Listening extends AsyncDisposable {
	engine: Engine;
	port: number;
	/** What the engine reported. */
	errors: { error: unknown; where: string }[];
}

export interface ListenWith {
	request?: EngineHandlers['request'];
	upgrade?: EngineHandlers['upgrade'];
	sockets?: Partial<NonNullable<EngineOptions['sockets']>> | false;
	tls?: EngineOptions['tls'];
}

/** An engine that listens on a free port of 127.0.0.1. What has no handler is answered 501. */
export async function listen(
	subject: Pick<Subject, 'create'>,
	options: ListenWith
): Promise<Listening> {
	const errors: Listening['errors'] = [];
	const unhandled = (exchange: Exchange) =>
		void exchange.send({ status: 501, headers: [] }, Buffer.from('no handler'));
	const engine = await subject.create(engineOptions(options), {
		request: options.request ?? unhandled,
		upgrade: options.upgrade ?? unhandled,
		error: (error, where) => errors.push({ error, where })
	});
	const bound = await engine.listen({ host: '127.0.0.1', port: 0 });
	const port = 'port' in bound ? bound.port : 0;
	return {
		engine,
		port,
		errors,
		[Symbol.asyncDispose]: () => {
			engine.close();
			return Promise.resolve();
		}
	};
}

function engineOptions({ sockets = {}, tls }: ListenWith): EngineOptions {
	if (sockets === false) return { tls };
	return {
		tls,
		sockets: {
			maxPayload: 512 * 1024,
			idleTimeout: 120,
			maxBackpressure: 1024 * 1024,
			compression: false,
			...sockets
		}
	};
}
