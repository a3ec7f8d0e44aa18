import type { EngineSocket } from '../engine/engine.ts';
import type { AnyHandler } from './handler.ts';
import type { Peer } from './peer.ts';
import type { CloseDetails } from './types.ts';

/** A path and its handler. */
export interface Route {
	/** As written in `src/websocket`, or `*` for one handler of every path. */
	id: string;
	handler: AnyHandler;
	/** Who is connected to a path that was added at run time. */
	members?: Members;
}

/** The peers of one path. */
export interface Members {
	/** No more may come. */
	readonly isFull: boolean;
	/** The path is gone, and its peers were told so. */
	readonly closed: CloseDetails | undefined;
	join(peer: Peer, socket: EngineSocket): void;
	leave(peer: Peer): void;
}
