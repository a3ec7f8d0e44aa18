import WebSocket, { type ClientOptions } from 'ws';
import type { App } from '../websocket/app.ts';

/** The class of sockets that a client's library makes for somebody. */
export function socketOf(user: string): typeof WebSocket {
	return class extends WebSocket {
		constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
			super(url, protocols, { ...options, headers: { cookie: `user=${user}` } });
		}
	} as typeof WebSocket;
}

export function wsUrl(app: App, path: string): string {
	return `ws://127.0.0.1:${app.port}${path}`;
}
