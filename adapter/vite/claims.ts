import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ProxyOptions } from 'vite';

/** Milliseconds that somebody else has to take an upgrade which is not ours. */
const patience = 5000;

/** What `server.proxy` and `preview.proxy` are. */
export type Proxies = Record<string, string | ProxyOptions> | undefined;

/** The subprotocols of the socket by which Vite updates pages: it takes them itself, and nothing else. */
const vites = new Set(['vite-hmr', 'vite-ping']);

/** Whether an upgrade is taken by Vite itself or by one of its proxies: `createWebSocketServer` and `proxyMiddleware` there. */
export function isTakenByVite({ headers, url = '/' }: IncomingMessage, proxies: Proxies): boolean {
	if (vites.has(headers['sec-websocket-protocol'] ?? '')) return true;
	// The first that matches decides.
	const found = Object.entries(proxies ?? {}).find(
		([context, options]) => Boolean(options) && matches(context, url) && forwardsSockets(options)
	);
	return found !== undefined;
}

function matches(context: string, url: string): boolean {
	return context.startsWith('^') ? new RegExp(context).test(url) : url.startsWith(context);
}

function forwardsSockets(options: string | ProxyOptions): boolean {
	const { ws, target } = typeof options === 'string' ? { ws: false, target: options } : options;
	return ws === true || /^wss?:/.test(String(target ?? ''));
}

/** A connection that asks for an upgrade, and that any listener of the server may take. */
export class Claim {
	readonly #socket: Socket;
	/** The connection may have carried requests before. */
	readonly #bytesWritten: number;

	constructor(socket: Socket) {
		this.#socket = socket;
		this.#bytesWritten = socket.bytesWritten;
	}

	/** Somebody has begun to answer on it, or to read from it, or it is gone. */
	get isTaken(): boolean {
		const socket = this.#socket;
		return (
			socket.destroyed ||
			socket.bytesWritten > this.#bytesWritten ||
			socket.listenerCount('data') > 0 ||
			socket.listenerCount('readable') > 0
		);
	}

	/** Resolves to false when nobody has taken it for so long that nobody will. */
	async isTakenInTime(): Promise<boolean> {
		const end = Date.now() + patience;
		while (!this.isTaken && Date.now() < end) {
			await new Promise<void>((resolve) => void setTimeout(resolve, 50).unref());
		}
		return this.isTaken;
	}
}
