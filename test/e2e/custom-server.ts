import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createGunzip, gunzipSync } from 'node:zlib';
import { runApp, type RunningApp } from '../support/server.ts';

/** The servers that `servers/custom.js` makes. */
export const kinds = ['node', 'connect', 'polka', 'express', 'express 4'] as const;

export type Kind = (typeof kinds)[number];

export interface CustomServers extends Omit<RunningApp, 'url' | 'port'> {
	ports: Record<Kind, number>;
}

/** One of each kind, with this middleware in front of the app. */
export async function runServers(...middleware: string[]): Promise<CustomServers> {
	const script = fileURLToPath(new URL('./servers/custom.js', import.meta.url));
	const app = await runApp({ args: [script, middleware.join()] });
	const ports = Object.fromEntries(
		kinds.map((kind) => [
			kind,
			Number(new RegExp(`^${kind} listens on (\\d+)`, 'm').exec(app.output())?.[1])
		])
	) as Record<Kind, number>;
	return Object.assign(app, { ports });
}

export interface Asked {
	method?: string;
	headers?: OutgoingHttpHeaders;
	body?: string;
}

export interface Answered {
	status: number | undefined;
	message: string | undefined;
	headers: IncomingMessage['headers'];
	/** As text, and not compressed any more. */
	body: string;
}

/** The head of an answer, whose body is still to come. */
export async function open(
	port: number,
	path: string,
	{ method = 'GET', headers = {}, body }: Asked = {}
): Promise<IncomingMessage> {
	const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
	sent.end(body);
	const [response] = (await once(sent, 'response')) as [IncomingMessage];
	return response;
}

export async function ask(port: number, path: string, asked?: Asked): Promise<Answered> {
	const response = await open(port, path, asked);
	const received = await buffer(response);
	const isGzip = response.headers['content-encoding'] === 'gzip' && received.byteLength > 0;
	return {
		status: response.statusCode,
		message: response.statusMessage,
		headers: response.headers,
		body: (isGzip ? gunzipSync(received) : received).toString()
	};
}

/** Whether what has come of an answer so far says this, compressed or not. */
export function reader(response: IncomingMessage): (part: string) => boolean {
	let text = '';
	const stream =
		response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
	stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
	return (part) => text.includes(part);
}
