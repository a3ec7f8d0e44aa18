import type { ListenOptions } from './engine/engine.ts';

export interface RunningServer {
	/** The unix socket that is listened on, or false. */
	readonly path: string | false;
	/** The host that is listened on, or false. */
	readonly host: string | false;
	/** The port that is listened on, also where `PORT` is 0, or false. */
	readonly port: number | false;
	/** Shut down as on a signal. Harmless when called twice. */
	close(): Promise<void>;
}

export function addressOf(bound: ListenOptions): Pick<RunningServer, 'path' | 'host' | 'port'> {
	return {
		path: 'path' in bound && bound.path,
		host: 'host' in bound && bound.host,
		port: 'port' in bound && bound.port
	};
}
