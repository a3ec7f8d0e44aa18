import { channel } from 'node:diagnostics_channel';
import { Server, ServerResponse, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Exchange } from '../engine/engine.ts';
import { incomingAt } from '../http/incoming.ts';
import { withoutKey } from '../key-path.ts';

/**
 * Run a handshake where trackers see a request of Node's. They open a scope for each request that a server of Node emits, and
 * Node emits none for an upgrade, nor does uWebSockets.js for anything: what the app tells them of its user in one handshake
 * would be said of all. Where nobody listens this costs nothing.
 */
export function announce(exchange: Exchange, run: () => Promise<void>): Promise<void> {
	const started = channel('http.server.request.start');
	// OpenTelemetry asks for no channel: it puts a method of its own where Node inherits one.
	if (!started.hasSubscribers && !Object.hasOwn(Server.prototype, 'emit')) return run();
	const request = toIncoming(exchange);
	const response = new ServerResponse(request);
	noteStatus(exchange, response);
	let running: Promise<void> | undefined;
	// It never listens, and answers nothing.
	const server = new Server(() => (running = run()));
	started.publish({ request, response, socket: request.socket, server });
	server.emit('request', request, response);
	running ??= run();
	return running.finally(() => response.emit('close'));
}

/** On every engine a copy: what a tracker may do to a request does nothing to ours, and a one-time key is not for it. */
function toIncoming(exchange: Exchange): IncomingMessage {
	const socket = new Socket();
	Object.defineProperty(socket, 'remoteAddress', { value: exchange.address });
	const request = incomingAt(exchange, socket);
	return Object.assign(request, { url: withoutKey(exchange.target) });
}

function noteStatus(exchange: Exchange, response: ServerResponse): void {
	const send = exchange.send.bind(exchange);
	response.statusCode = 101;
	const sendAndNote: typeof send = (head, body) => {
		response.statusCode = head.status;
		return send(head, body);
	};
	Object.assign(exchange, { send: sendAndNote });
}
