import type { IncomingMessage } from 'node:http';
import type { ProxyOptions } from 'vite';

/** What Vite itself does with upgrades on one of its servers. */
export interface ViteClaims {
	/** The path of the socket by which Vite updates pages; absent if that is off, or on a server of its own. */
	updates?: string | undefined;
	/** `server.proxy`, or `preview.proxy`. */
	proxies: Record<string, string | ProxyOptions> | undefined;
}

/** The subprotocols of the socket by which Vite updates pages. */
const vites = new Set(['vite-hmr', 'vite-ping']);

/** How many listeners for upgrades Vite itself adds. */
export function countListeners({ updates, proxies }: ViteClaims): number {
	return Number(updates !== undefined) + Number(Boolean(proxies));
}

/** What is looked at of a request. */
type Asked = Pick<IncomingMessage, 'headers' | 'url'>;

/** Whether an upgrade is taken by Vite itself: `createWebSocketServer` there. */
export function isForUpdates({ headers, url = '/' }: Asked, { updates }: ViteClaims): boolean {
	const protocol = headers['sec-websocket-protocol'] ?? '';
	return vites.has(protocol) && url.split('?', 1)[0] === updates;
}

/** Whether an upgrade is taken by a proxy, unless its `bypass` hands it back: `proxyMiddleware` in Vite. */
export function isForProxy({ url = '/' }: Asked, { proxies }: ViteClaims): boolean {
	return Object.entries(proxies ?? {}).some(
		([context, options]) => Boolean(options) && matches(context, url) && forwardsSockets(options)
	);
}

function matches(context: string, url: string): boolean {
	return context.startsWith('^') ? new RegExp(context).test(url) : url.startsWith(context);
}

function forwardsSockets(options: string | ProxyOptions): boolean {
	const { ws, target } = typeof options === 'string' ? { ws: false, target: options } : options;
	return ws === true || /^wss?:/.test(String(target ?? ''));
}
