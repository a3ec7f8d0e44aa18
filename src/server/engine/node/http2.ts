import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** RFC 9113, section 8.2.2: what HTTP/2 has no place for. Node throws, where nobody can catch it. */
const connectionHeaders = new Set([
	'connection',
	'http2-settings',
	'keep-alive',
	'proxy-connection',
	'transfer-encoding',
	'upgrade'
]);

/** Whether a request has come over HTTP/2, in the dress that `node:http2` has for handlers of `node:http`. */
export function isHttp2({ httpVersionMajor }: Pick<IncomingMessage, 'httpVersionMajor'>): boolean {
	return httpVersionMajor === 2;
}

/** Whether a header, in lower case, may be sent over HTTP/2. */
export function isSendableOverHttp2(name: string): boolean {
	return !connectionHeaders.has(name);
}

/** RFC 9113, section 8.1: a body needs no header that announces it. */
export function hasBodyOverHttp2(req: IncomingMessage | Http2ServerRequest): boolean {
	return 'stream' in req && !req.stream.endAfterHeaders;
}

/** The client must not take what it has got for the whole answer: over HTTP/2 only an error says so. */
export function cut(res: ServerResponse | Http2ServerResponse): void {
	if ('stream' in res) res.stream.destroy(new Error('The answer failed'));
	else res.destroy();
}
