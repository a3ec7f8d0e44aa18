import { createHash } from 'node:crypto';
import { RawConnection, type RawResponse } from '../support/raw.ts';
import type { Bytes } from './case.ts';

/** By name. Values of one name are joined, but for `set-cookie`. */
export type Headers = Record<string, string | string[]>;

/** An answer without what an engine may decide. */
export interface Answer {
	/** Which 1xx answers came before. How often is up to the engine. */
	interim: number[];
	/** 0 if no answer came, or not all of it. */
	status: number;
	headers: Headers;
	body: string;
	/** Why. */
	failure?: string;
}

/** Headers that say how an answer is framed and not what it is. */
const framing = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/** Far above what any answer takes: a server that gives none is to fail one case, not the suite. */
const patience = 5000;

/**
 * Send the requests on one connection, each when the one before it was answered.
 * @param isAll the client says that nothing comes after the requests: a server that waits for more of the last one gives up
 */
export async function ask(port: number, requests: Bytes[], isAll = false): Promise<Answer[]> {
	const answers: Answer[] = [];
	await using connection = await RawConnection.open(port);
	for (const [index, request] of requests.entries()) {
		const answer = await askOne(connection, request, isAll && index === requests.length - 1);
		answers.push(answer);
		if (answer.failure !== undefined) break;
	}
	return answers;
}

async function askOne(connection: RawConnection, request: Bytes, isLast: boolean): Promise<Answer> {
	const interim: number[] = [];
	try {
		connection.write(request);
		if (isLast) connection.socket.end();
		return await soon(receive(connection, request, interim));
	} catch (error) {
		// The message of a cut connection quotes what came, and how much of it comes before the cut is chance.
		const failure = String(error).replace(/ after .*/s, '');
		return { interim, status: 0, headers: {}, body: '', failure };
	}
}

async function receive(
	connection: RawConnection,
	request: Bytes,
	interim: number[]
): Promise<Answer> {
	const isHead = request.toString().startsWith('HEAD ');
	for (;;) {
		const start = await connection.received('HTTP/1.1 100'.length);
		const isInterim = /^HTTP\/1\.1 1(?!01)/.test(start.toString('latin1'));
		const response = await connection.response({ isHead: isHead || isInterim });
		if (!isInterim) return normalise(response, isHead, interim);
		if (!interim.includes(response.status)) interim.push(response.status);
	}
}

function normalise(response: RawResponse, isHead: boolean, interim: number[]): Answer {
	const isBodiless = isHead || [204, 304].includes(response.status);
	const headers: Headers = {};
	for (const [name, value] of response.headers.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
		if (framing.has(name)) continue;
		// Where there is a body, its length has been kept, or it could not have been read.
		if (name === 'content-length' && !isBodiless) continue;
		const earlier = headers[name];
		if (name === 'set-cookie') headers[name] = [earlier ?? [], value].flat();
		// Kit's ETag of `env.js` is the time of the start.
		else if (name === 'etag') headers[name] = value.replace(/^W\/\d{13}$/, 'W/start');
		else headers[name] = earlier === undefined ? value : `${String(earlier)}, ${value}`;
	}
	return { interim, status: response.status, headers, body: readable(response.body) };
}

/** Text as it is, so that a difference can be read; else, and where it is long, a hash. */
function readable(body: Buffer): string {
	const text = body.toString('utf8');
	if (body.byteLength <= 20_000 && Buffer.from(text).equals(body)) return text;
	return `${body.byteLength} bytes, sha256 ${createHash('sha256').update(body).digest('hex')}`;
}

async function soon<T>(promise: Promise<T>): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error('No answer came')), patience);
	try {
		return await Promise.race([promise, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}
