import type { PlatformRequest } from './http/incoming.ts';
import { sharedRegistry } from './registry/global.ts';
import type { WebSockets } from './registry/websockets.ts';

export { asWebSocket } from './socket/as-web-socket.ts';
export {
	crossws,
	type CrosswsHandler,
	type CrosswsHooks,
	type CrosswsMessage,
	type CrosswsOptions,
	type CrosswsPeer,
	type CrosswsRequest,
	type CrosswsUpgrade,
	type CrosswsWebSocket
} from './crossws/index.ts';
export { defineWebSocket, type DefinedWebSocket } from './socket/define.ts';
export { defineTopics, type HistoryOptions, type TopicOptions } from './topics/define.ts';
export { Message } from './socket/message.ts';
export type { CloseCause, SendResult } from './engine/engine.ts';
export type { PlatformRequest } from './http/incoming.ts';
export type {
	CloseFilter,
	CloseTarget,
	EndpointController,
	EndpointHandler,
	WebSockets
} from './registry/websockets.ts';
export type { TopicMessages } from './registry/subscription.ts';
export type { MessageError } from './socket/incoming.ts';
export type { PeerEvents, PeerListener } from './socket/listeners.ts';
export type { RequestOptions } from './socket/peer-client.ts';
export type { RequestError } from './socket/requests.ts';
export type { Peer } from './socket/peer.ts';
export type { AskPage, PeerRequest } from './socket/peer-request.ts';
export type { PeerWebSocket, WebSocketSendOptions } from './socket/web-socket/index.ts';
export type { PublishOptions, SendOptions } from './socket/peer-hub.ts';
export type { Present } from '../shared/protocol.ts';
export type { Setup } from './setup.ts';
export type {
	Ground as SetupContext,
	UwsApplication,
	UwsRequest,
	UwsResponse,
	UwsRouteHandler
} from './engine/ground.ts';
export type { SubscribeOptions } from './socket/kept-topic.ts';
export type { UpgradeEvent, WebSocketHandler } from './socket/handler.ts';
export type { CloseDetails, MaybePromise, ParamValue } from './socket/types.ts';

/** The sockets of this process, and a way to reach them: the same object as `event.platform.websockets`. */
export const websockets: WebSockets = sharedRegistry();

declare global {
	namespace App {
		interface Platform {
			/**
			 * The request as Node has it. On uWebSockets.js a copy of its method, url, headers, rawHeaders and
			 * socket.remoteAddress; on the Node engine the `IncomingMessage` itself.
			 */
			req: PlatformRequest;
			/** The sockets of this process: the same object as `import { websockets } from 'svelte-adapter-ws/server'`. */
			websockets: WebSockets;
		}
	}
}
