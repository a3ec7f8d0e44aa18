import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** What others who serve on the same port are given of it. One of the two, or neither where there is nothing to attach to. */
export type Ground =
	| { engine: 'uws'; app: UwsApplication; server?: undefined }
	| { engine: 'node'; server: HttpServer | HttpsServer; app?: undefined }
	| { engine: 'bun'; app?: undefined; server?: undefined };

/**
 * The `TemplatedApp` of uWebSockets.js, whose types an app may not have: where they are, `app as TemplatedApp` is it. A route
 * that has a name comes before those of the app, which take every path.
 */
export interface UwsApplication {
	get(pattern: string, handler: UwsRouteHandler): UwsApplication;
	post(pattern: string, handler: UwsRouteHandler): UwsApplication;
	any(pattern: string, handler: UwsRouteHandler): UwsApplication;
	ws(pattern: string, behavior: object): UwsApplication;
	publish(topic: string, message: string | ArrayBuffer, isBinary?: boolean): boolean;
	numSubscribers(topic: string): number;
}

export type UwsRouteHandler = (response: UwsResponse, request: UwsRequest) => void | Promise<void>;

/** The `HttpResponse` of uWebSockets.js, in part. */
export interface UwsResponse {
	onAborted(handler: () => void): unknown;
	writeStatus(status: string): unknown;
	writeHeader(name: string, value: string): unknown;
	end(body?: string | ArrayBuffer | Uint8Array, closeConnection?: boolean): unknown;
	cork(work: () => void): unknown;
}

/** Its `HttpRequest`, in part. It is gone when the handler has returned. */
export interface UwsRequest {
	getUrl(): string;
	getMethod(): string;
	getHeader(name: string): string;
	getQuery(): string;
	getParameter(index: number): string | undefined;
}
