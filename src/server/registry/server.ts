import type { CreateBus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import type { CloseTarget } from './websockets.ts';

/** What sockets have to know of the app that runs. */
export interface RunningApp {
	/** Kit's hook, if the app has it. */
	handleError?: ((input: { error: unknown }) => unknown) | undefined;
	/** What Kit keeps beside an event, as far as it is the same for every request. */
	state?: object;
	/** For whom the code runs that is running; undefined for a job of the server's own. */
	owner?: () => CloseTarget | undefined;
}

/** What a server is, to the registry. */
export interface Attached {
	/** `paths.base` */
	base?: string;
	log?: Log | undefined;
	/** The way to the other processes, if there are any. */
	bus?: CreateBus | undefined;
}
