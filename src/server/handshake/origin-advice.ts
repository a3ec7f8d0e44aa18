import type { Exchange } from '../engine/engine.ts';
import type { OriginOptions, OriginVariables } from '../http/origin.ts';
import { isSameOrigin } from './origin.ts';

/** Headers by which proxies tell what they were asked for. */
const hostHeaders = ['x-forwarded-host', 'x-original-host', 'x-host'];
const portHeader = 'x-forwarded-port';
const protocolHeader = 'x-forwarded-proto';

/** A handshake that was refused for its origin. */
export interface RefusedOrigin {
	exchange: Pick<Exchange, 'header'>;
	/** As the client says it. */
	origin: string;
	/** What the server believes that it was asked for. */
	url: URL;
}

/** What to do about it, if the page is to have its socket after all: sentences. */
export function adviseOrigin(refused: RefusedOrigin, options: OriginOptions): string {
	const { origin } = refused;
	const { variables } = options;
	const list = "list its origin in the adapter's option websocket.allowedOrigins";
	if (!/^https?:\/\//.test(origin)) return `If it may open sockets here, ${list}.`;
	if (variables !== undefined) {
		return `If it is a page of this app, ${cure(refused, options, variables)}. If it is another one that may open sockets here, ${list}.`;
	}
	const example = /^[\w:/.[\]-]{1,200}$/.test(origin)
		? `: websocket: { allowedOrigins: ['${origin}'] }`
		: '';
	return `If it is a page of this app, behind a tunnel or a proxy, or another one that may open sockets here, ${list}${example}.`;
}

function cure(refused: RefusedOrigin, options: OriginOptions, variables: OriginVariables): string {
	const { origin, url } = refused;
	if (options.pinned !== undefined) return `set ${variables.pinned} to its origin`;
	const settings = findSettings(refused, options, variables);
	if (settings !== undefined) {
		return `set ${settings.join(' and ')}, which your proxy has to write`;
	}
	const lacksPort = URL.canParse(origin) && new URL(origin).hostname === url.hostname;
	if (options.hostHeader !== '') {
		const its = lacksPort ? 'its host with the port' : 'its host';
		return `let the proxy write ${its} into ${options.hostHeader}, the header that ${variables.host} names`;
	}
	const nginx = 'as nginx does with proxy_set_header Host $http_host';
	if (lacksPort) return `let the proxy pass the port on with the host, ${nginx}`;
	return `let the proxy pass the host on, ${nginx}, or set ${variables.host} to the header that has it, or ${variables.pinned} to its origin`;
}

/** The variables that would have led to the origin, by what this request holds. */
function findSettings(
	refused: RefusedOrigin,
	options: OriginOptions,
	variables: OriginVariables
): string[] | undefined {
	const { exchange, origin, url } = refused;
	const hosts = options.hostHeader === '' ? hostHeaders : [];
	const ports = options.portHeader === '' ? [portHeader] : [];
	for (const host of ['', ...hosts]) {
		for (const port of ['', ...ports]) {
			const authority = [
				host === '' ? url.host : exchange.header(host),
				...(port === '' ? [] : [exchange.header(port)])
			].join(':');
			if (!isAt(origin, authority)) continue;
			return [
				...(host === '' ? [] : [`${variables.host}=${host}`]),
				...(port === '' ? [] : [`${variables.port}=${port}`]),
				...protocolSettings(refused, options, variables)
			];
		}
	}
	return undefined;
}

/** Not for the sake of the socket: without it the app's own URLs, and its forms, have the wrong scheme. */
function protocolSettings(
	{ exchange, origin, url }: RefusedOrigin,
	options: OriginOptions,
	variables: OriginVariables
): string[] {
	const scheme = origin.split(':', 1)[0] ?? '';
	const isRight = url.protocol === `${scheme}:` || options.protocolHeader !== '';
	return isRight || exchange.header(protocolHeader) !== scheme
		? []
		: [`${variables.protocol}=${protocolHeader}`];
}

function isAt(origin: string, authority: string): boolean {
	const url = `https://${authority}`;
	return URL.canParse(url) && isSameOrigin(origin, new URL(url), false);
}
