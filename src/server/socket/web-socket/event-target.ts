import type { EventEmitter } from 'node:events';

/** Whom an event is of. */
export interface EventSocket {
	readonly readyState: number;
	send(data: string | Uint8Array): void;
	close(code?: number, reason?: string): void;
}

/** What listeners get that were added as in a browser; the names are those of `ws`. */
export interface WebSocketEvents {
	open: { readonly type: string; readonly target: EventSocket };
	message: {
		readonly type: string;
		readonly target: EventSocket;
		/** Text as a string, bytes as `binaryType` says. */
		readonly data: string | Buffer | ArrayBuffer | Buffer[];
	};
	close: {
		readonly type: string;
		readonly target: EventSocket;
		readonly code: number;
		readonly reason: string;
		readonly wasClean: boolean;
	};
	error: {
		readonly type: string;
		readonly target: EventSocket;
		readonly error: unknown;
		readonly message: string;
	};
}

export type EventName = keyof WebSocketEvents;

export type EventListener<Name extends EventName> =
	((event: WebSocketEvents[Name]) => void) | { handleEvent(event: WebSocketEvents[Name]): void };

/** A listener of an emitter that stands for one that was added as in a browser. */
interface StandIn {
	(...args: unknown[]): void;
	/** Whom it stands for. An emitter would take `listener` for its own. */
	original?: unknown;
	/** It is the one of an `on…` property. */
	isAttribute?: boolean;
}

/** Makes of the arguments of an emitter's event what a browser's event has. */
const toEvent: { [Name in EventName]: (first: unknown, second: unknown) => object } = {
	open: () => ({}),
	message: (data, isBinary) => ({ data: isBinary ? data : String(data) }),
	close: (code, reason) => ({ code, reason: String(reason), wasClean: code !== 1006 }),
	error: (error) => ({ error, message: error instanceof Error ? error.message : String(error) })
};

export interface AddOptions {
	once?: boolean;
	isAttribute?: boolean;
}

/** Add a listener as in a browser. One that is there already is not added again. */
export function addListener(
	emitter: EventEmitter,
	name: string,
	listener: unknown,
	{ once = false, isAttribute = false }: AddOptions = {}
): void {
	if (!isEventName(name) || find(emitter, name, listener, isAttribute)) return;
	const standIn: StandIn = (...args) => {
		const event = { type: name, target: emitter, ...toEvent[name](args[0], args[1]) };
		if (typeof listener === 'function') listener.call(emitter, event);
		else (listener as { handleEvent(event: object): void }).handleEvent(event);
	};
	standIn.original = listener;
	standIn.isAttribute = isAttribute;
	if (once) emitter.once(name, standIn);
	else emitter.on(name, standIn);
}

export function removeListener(emitter: EventEmitter, name: string, listener: unknown): void {
	const found = isEventName(name) && find(emitter, name, listener, false);
	if (found) emitter.removeListener(name, found);
}

/** The listener of an `on…` property. */
export function attributeOf(emitter: EventEmitter, name: EventName): unknown {
	return standInsOf(emitter, name).find(({ isAttribute }) => isAttribute)?.original ?? null;
}

/** @param listener null for none any more */
export function setAttribute(emitter: EventEmitter, name: EventName, listener: unknown): void {
	const before = standInsOf(emitter, name).find(({ isAttribute }) => isAttribute);
	if (before) emitter.removeListener(name, before);
	if (typeof listener === 'function') addListener(emitter, name, listener, { isAttribute: true });
}

function find(
	emitter: EventEmitter,
	name: EventName,
	listener: unknown,
	isAttribute: boolean
): StandIn | undefined {
	return standInsOf(emitter, name).find(
		(each) => each.original === listener && each.isAttribute === isAttribute
	);
}

function standInsOf(emitter: EventEmitter, name: EventName): StandIn[] {
	return emitter.listeners(name) as StandIn[];
}

function isEventName(name: string): name is EventName {
	return Object.hasOwn(toEvent, name);
}
