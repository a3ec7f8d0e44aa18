import type {
	AcceptHead,
	CloseCause,
	EngineSocket,
	SocketData,
	SocketEvents,
	UpgradeExchange
} from '../../../src/server/engine/engine.ts';
import { listen, type ListenWith, type Listening, type Subject } from './subject.ts';

/** A request to upgrade, but for the empty line at its end. */
export const handshake =
	'GET /socket HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
	'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** The server's end of sockets, as the layer above an engine sees it. */
export interface Accepting extends Listening {
	/** The next socket that opens. */
	next(): Promise<ServerSocket>;
}

export interface Ending {
	code: number;
	reason: string;
	cause?: CloseCause;
}

export interface ServerSocket {
	socket: EngineSocket;
	messages: SocketData[];
	drains: number;
	overflows: number;
	closed: Promise<Ending>;
}

export interface AcceptingOptions extends Pick<ListenWith, 'sockets' | 'request' | 'tls'> {
	head?: AcceptHead;
	before?: () => Promise<unknown>;
	/** Called inside of the callback. */
	message?: (socket: ServerSocket) => void;
}

/** An engine that accepts every upgrade. */
export async function accepting(
	subject: Subject,
	{ head = { headers: [] }, before, message, ...options }: AcceptingOptions = {}
): Promise<Accepting> {
	const opened: ServerSocket[] = [];
	let wake: () => void = () => {};
	const accept = (exchange: UpgradeExchange) => {
		exchange.accept(
			head,
			serverSocket((socket) => {
				opened.push(socket);
				wake();
			}, message)
		);
	};
	const server = await listen(subject, {
		...options,
		upgrade: (exchange) => (before ? void before().then(() => accept(exchange)) : accept(exchange))
	});
	return Object.assign(server, {
		async next() {
			while (opened.length === 0) await new Promise<void>((resolve) => (wake = resolve));
			return opened.shift() as ServerSocket;
		}
	});
}

function serverSocket(
	onOpen: (socket: ServerSocket) => void,
	onMessage?: (socket: ServerSocket) => void
): SocketEvents {
	const closed = Promise.withResolvers<Ending>();
	let state: ServerSocket | undefined;
	return {
		open(socket) {
			state = { socket, messages: [], drains: 0, overflows: 0, closed: closed.promise };
			onOpen(state);
		},
		message(data) {
			state?.messages.push(data);
			if (state) onMessage?.(state);
		},
		drain() {
			if (state) state.drains += 1;
		},
		overflow() {
			if (state) state.overflows += 1;
		},
		close: (code, reason, cause) => closed.resolve({ code, reason, ...(cause && { cause }) })
	};
}
