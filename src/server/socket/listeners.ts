import type { Message } from './message.ts';
import type { CloseDetails, MaybePromise } from './types.ts';

/** What the listeners of a peer get, by type; the names are those of a browser's WebSocket. */
export interface PeerEvents {
	message: {
		readonly type: 'message';
		/** Text as a string, binary as bytes. */
		readonly data: string | Uint8Array;
		readonly message: Message;
	};
	close: CloseDetails & { readonly type: 'close' };
	error: { readonly type: 'error'; readonly error: unknown };
}

export type PeerListener<Type extends keyof PeerEvents> = (
	event: PeerEvents[Type]
) => MaybePromise<unknown>;

type Sets = { [Type in keyof PeerEvents]: Set<PeerListener<Type>> };

/** The listeners of one peer. With an `EventTarget` one that throws would end the process. */
export class Listeners {
	readonly #sets: Sets = { message: new Set(), close: new Set(), error: new Set() };

	/** Those of one type, in the order in which they were added. */
	of<Type extends keyof PeerEvents>(type: Type): Sets[Type] {
		return this.#sets[type];
	}
}
