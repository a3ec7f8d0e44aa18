import type { IncomingMessage } from 'node:http';
import { AdapterError } from '../../../shared/errors.ts';
import { RequestBody } from '../request-body.ts';

/** The body of a request, which may have been in other hands before: what stands in front of the app can have read it. */
export function readBody(req: IncomingMessage): RequestBody {
	const body = new RequestBody(req);
	if (req.readableDidRead) body.fail(alreadyRead(req));
	else if (req.readableEnded) body.end();
	else listen(req, body);
	return body;
}

function listen(req: IncomingMessage, body: RequestBody): void {
	req.on('data', (chunk: Buffer | string) => {
		// Text is what comes where somebody has called `setEncoding`.
		const bytes =
			typeof chunk === 'string' ? Buffer.from(chunk, req.readableEncoding ?? 'utf8') : chunk;
		body.receive(new Uint8Array(bytes));
	});
	req.once('end', () => body.end());
	// The response closes together with the connection: that is where the app is told.
	req.on('error', () => {});
	// A listener does not wake a request that was paused.
	req.resume();
}

function alreadyRead({ method, url }: IncomingMessage): AdapterError {
	return new AdapterError('body_used', {
		what: 'The body of a request was read before the request came to the app',
		value: `${method} ${url}`,
		todo: 'Mount the handler of build/handler.js before what reads bodies, such as express.json(), or keep that to paths of its own.'
	});
}
