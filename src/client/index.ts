export { getWebSocket } from './context.ts';
export { ConnectionError, type ConnectionErrorCode } from './core/errors.ts';
export type { Status } from './core/state.ts';
export type {
	CloseDetails,
	ConnectionEvents,
	Continuity,
	Gap,
	Present,
	ProtocolsSource,
	RequestOptions,
	Since,
	UrlSource
} from './core/types.ts';
export type { WebSocketOptions } from './create-connection.svelte.ts';
export { createWebSocket, type ReactiveWebSocket } from './create-websocket.svelte.ts';
export { liveOverWebSocket } from './live/index.ts';
export type { ParamsSource, ParamValue } from './params.ts';
export type { Register } from './typed.ts';
export { default as WebSocket } from './WebSocket.svelte';
export { default as WebSocketProvider } from './WebSocketProvider.svelte';
export { webSocketStore, type StoreStatus, type WebSocketStore } from './websocket-store.ts';
