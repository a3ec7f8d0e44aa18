import type { Bytes } from './case.ts';

export type HeaderList = Record<string, string | string[]>;

/** The origin of the app in every request that does not say otherwise. */
export const origin = 'https://app.example';

/** The head of a request and its body. `host` and `content-length` are there unless they are given; '' leaves them out. */
export function request(
	method: string,
	target: string,
	headers: HeaderList = {},
	body?: Bytes
): Bytes {
	const all: HeaderList = { host: 'app.example', ...headers };
	if (body !== undefined && !('content-length' in all) && !('transfer-encoding' in all)) {
		all['content-length'] = String(Buffer.byteLength(body));
	}
	const lines = Object.entries(all)
		.filter(([, value]) => value !== '')
		.flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`));
	const start = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
	if (body === undefined) return start;
	return Buffer.concat([Buffer.from(start), Buffer.from(body)]);
}

export function get(target: string, headers?: HeaderList): Bytes {
	return request('GET', target, headers);
}

export function head(target: string, headers?: HeaderList): Bytes {
	return request('HEAD', target, headers);
}

/** A POST that passes Kit's check of the origin. */
export function post(target: string, body?: Bytes, headers?: HeaderList): Bytes {
	return request('POST', target, { origin, 'content-type': 'text/plain', ...headers }, body);
}

/** The weak form of an ETag. Some servers make none but weak ones. */
export function weak(etag: string): string {
	return `W/${etag.replace(/^W\//, '')}`;
}

/** A body in chunks of these sizes. */
export function chunked(...chunks: Bytes[]): Buffer {
	const framed = chunks.flatMap((chunk) => {
		const bytes = Buffer.from(chunk);
		return [Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
	});
	return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}

export const chunkedHeaders = { 'transfer-encoding': 'chunked' };

export const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

export const multipart = { 'content-type': 'multipart/form-data; boundary=edge' };

/** A multipart body with the boundary of `multipart`. */
export function parts(...each: { head: string; body: Bytes }[]): Buffer {
	const buffers = each.flatMap((part) => [
		Buffer.from(`--edge\r\nContent-Disposition: form-data; ${part.head}\r\n\r\n`),
		Buffer.from(part.body),
		Buffer.from('\r\n')
	]);
	return Buffer.concat([...buffers, Buffer.from('--edge--\r\n')]);
}
