import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import type { Connect } from 'vite';

const headEnd = '\r\n\r\n';

/** Whether a middleware is that of `server.proxy`, by the name it has in Vite. */
export function isProxy({ handle }: Connect.ServerStackItem): boolean {
	return 'name' in handle && handle.name === 'viteProxyMiddleware';
}

/** Statuses whose responses have no body, for which `Response` takes none. */
const bodiless = new Set([204, 205, 304]);

/** The answer of a server's middlewares to a request, as if it had come in by itself on the connection of `incoming`. */
export function respondThrough(
	middlewares: Connect.Server,
	request: Request,
	incoming: IncomingMessage
): Promise<Response> {
	const req = createIncoming(request, incoming);
	const wire = new PassThrough();
	const res = new ServerResponse(req);
	res.sendDate = false;
	// `assignSocket` takes any stream, its type a Socket.
	res.assignSocket(wire as unknown as Socket);
	// What fails on it is told to whoever reads the answer.
	wire.on('error', () => {});
	// A server does this for its connections.
	wire.on('drain', () => res.emit('drain'));
	res.once('finish', () => wire.end());
	// The connection is still there for the app: this is how it learns that nobody waits for its answer.
	request.signal.addEventListener('abort', () => wire.destroy(), { once: true });
	// SvelteKit 2 listens there, as SvelteKit 3 to the answer.
	request.signal.addEventListener('abort', () => void req.destroy(), { once: true });
	// A proxy that does not want the upgrade is not to be asked for a page either.
	const stack = middlewares.stack.filter((item) => !isProxy(item));
	middlewares.handle.call({ ...middlewares, stack }, req, res, (error?: unknown) => {
		if (res.headersSent) res.destroy();
		else res.writeHead(error === undefined ? 404 : 500).end();
	});
	return readResponse(wire).catch((error: unknown) => {
		if (request.signal.aborted) return new Response(null, { status: 408 });
		throw error;
	});
}

/** In the dress of HTTP/1.0, in which a body is written as it is. */
function createIncoming(request: Request, { socket }: IncomingMessage): IncomingMessage {
	const { pathname, search } = new URL(request.url);
	const req = new IncomingMessage(socket);
	const headers = [...request.headers];
	Object.assign(req, {
		method: request.method,
		url: pathname + search,
		httpVersion: '1.0',
		httpVersionMajor: 1,
		httpVersionMinor: 0,
		headers: Object.fromEntries(headers),
		rawHeaders: headers.flat(),
		complete: true,
		// Node's would end the connection.
		_destroy: (error: Error | null, done: (error: Error | null) => void) => done(error)
	});
	req.push(null);
	return req;
}

/** @throws if the answer ends before its head is complete */
async function readResponse(wire: PassThrough): Promise<Response> {
	let received = Buffer.alloc(0);
	for await (const chunk of wire.iterator({ destroyOnReturn: false })) {
		received = skipInterim(Buffer.concat([received, chunk as Buffer]));
		const end = received.indexOf(headEnd);
		if (end === -1) continue;
		const rest = received.subarray(end + headEnd.length);
		if (rest.byteLength > 0) wire.unshift(rest);
		return toResponse(received.subarray(0, end).toString('latin1'), wire);
	}
	throw new Error('The app has not answered');
}

/** Without what comes before the answer itself, such as early hints. */
function skipInterim(received: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
	const end = received.indexOf(headEnd);
	const isInterim = /^HTTP\/\S+ 1/.test(received.toString('latin1', 0, 16));
	return isInterim && end !== -1 ? skipInterim(received.subarray(end + headEnd.length)) : received;
}

function toResponse(head: string, wire: PassThrough): Response {
	const [statusLine = '', ...lines] = head.split('\r\n');
	const status = Number(statusLine.split(' ')[1]);
	const headers = new Headers(
		lines.map((line): [string, string] => {
			const colon = line.indexOf(':');
			return [line.slice(0, colon), line.slice(colon + 1).trim()];
		})
	);
	headers.delete('connection');
	const body = bodiless.has(status) ? null : (Readable.toWeb(wire) as ReadableStream<Uint8Array>);
	return new Response(body, { status, headers });
}
