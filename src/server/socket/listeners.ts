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
	/** The queue of a slow peer is empty again. */
	drain: { readonly type: 'drain' };
	/** The peer has answered a ping: yours, or one by which the server finds out whether it is still there. */
	pong: { readonly type: 'pong'; /** What the ping has carried. */ readonly data: Uint8Array };
	close: CloseDetails & { readonly type: 'close' };
	error: { readonly type: 'error'; readonly error: unknown };
}

export type PeerListener<Type extends keyof PeerEvents> = (
	event: PeerEvents[Type]
) => MaybePromise<unknown>;

type Sets = { [Type in keyof PeerEvents]: Set<PeerListener<Type>> };

/** The listeners of one peer. With an `EventTarget` one that throws would end the process. */
class Listeners {
	readonly #sets: Sets = {
		message: new Set(),
		drain: new Set(),
		pong: new Set(),
		close: new Set(),
		error: new Set()
	};
	/** What somebody has made of the peer. */
	view: object | undefined;

	/** Those of one type, in the order in which they were added. */
	of<Type extends keyof PeerEvents>(type: Type): Sets[Type] {
		return this.#sets[type];
	}
}

/** Who has listeners, once somebody adds one. */
export class Listened {
	#listeners: Listeners | undefined;

	/**
	 * Listen as on a browser's WebSocket, for code that is handed a peer. Hooks of the same name come first, but for a `close`
	 * hook that waits for `open` or for a message: then listeners hear of the end before it. A listener that throws is
	 * treated as a hook that throws.
	 */
	addEventListener<Type extends keyof PeerEvents>(type: Type, listener: PeerListener<Type>): void {
		this.#listeners ??= new Listeners();
		const listeners: Set<PeerListener<Type>> = this.#listeners.of(type);
		listeners.add(listener);
	}

	removeEventListener<Type extends keyof PeerEvents>(
		type: Type,
		listener: PeerListener<Type>
	): void {
		const listeners: Set<PeerListener<Type>> | undefined = this.#listeners?.of(type);
		listeners?.delete(listener);
	}

	/** @internal What somebody has made of this peer, made once. */
	viewed<View extends object>(isView: (view: object) => view is View, create: () => View): View {
		this.#listeners ??= new Listeners();
		const { view } = this.#listeners;
		if (view !== undefined && isView(view)) return view;
		const created = create();
		this.#listeners.view = created;
		return created;
	}

	/** @internal Those of one type, who are not told again. */
	takeListeners<Type extends keyof PeerEvents>(type: Type): readonly PeerListener<Type>[] {
		const listeners = this.listeners(type);
		this.#listeners?.of(type).clear();
		return listeners;
	}

	/** @internal Those of one type. */
	listeners<Type extends keyof PeerEvents>(type: Type): readonly PeerListener<Type>[] {
		const listeners: Set<PeerListener<Type>> | undefined = this.#listeners?.of(type);
		return listeners === undefined ? [] : [...listeners];
	}
}
