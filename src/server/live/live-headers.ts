import { pageOriginHeader, probeHeader } from '../../shared/probe.ts';
import type { HeaderPairs } from '../engine/engine.ts';

/**
 * What a handshake has and a fetch has not: what belongs to the connection (RFC 9110, section 7.6.1), to a body, to caches, and
 * what a client could not undo: answers come as they are, not compressed.
 */
const ofHandshakes = new Set([
	'accept-encoding',
	'cache-control',
	'connection',
	'content-length',
	'content-type',
	'expect',
	'http2-settings',
	'keep-alive',
	'origin',
	'pragma',
	'proxy-connection',
	'range',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'upgrade-insecure-requests',
	pageOriginHeader,
	probeHeader
]);

/** Those of a page's fetch, which says so of itself; a client that is no browser says nothing. */
const ofFetch: HeaderPairs = [
	['sec-fetch-dest', 'empty'],
	['sec-fetch-mode', 'cors'],
	['sec-fetch-site', 'same-origin']
];

/**
 * The headers that all queries of a socket have.
 * @param handshake the headers of its handshake
 */
export function headersOfQueries(handshake: HeaderPairs): HeaderPairs {
	const left = new Set(
		handshake
			.filter(([name]) => name === 'connection')
			.flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase()))
	);
	const kept = handshake.filter(
		([name]) => !ofHandshakes.has(name) && !left.has(name) && !/^sec-(websocket|fetch)-/.test(name)
	);
	return handshake.some(([name]) => name === 'origin') ? [...kept, ...ofFetch] : kept;
}

/** The headers of one query: what the page says is said in its place. */
export function withHeaders(common: HeaderPairs, own: HeaderPairs): HeaderPairs {
	const names = new Set(own.map(([name]) => name));
	const accept: HeaderPairs = names.has('accept') ? [] : [['accept', '*/*']];
	return [...common.filter(([name]) => name !== 'accept' && !names.has(name)), ...own, ...accept];
}
