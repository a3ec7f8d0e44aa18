import { AdapterError } from '../../shared/errors.ts';
import type { Exchange } from '../engine/engine.ts';
import type { HostCheck } from '../host.ts';
import { printable } from '../printable.ts';

/** Names of headers are in lower case; an empty one means that none is trusted. */
export interface OriginOptions {
	/** `paths.origin` of the app. */
	pinned: string | undefined;
	/** Where no header says it. Default: https. */
	protocol?: 'http' | 'https';
	protocolHeader: string;
	hostHeader: string;
	portHeader: string;
	/** Absent where the environment is not read. */
	variables?: OriginVariables;
}

/** How the user calls what decides on the origin. */
export interface OriginVariables {
	protocol: string;
	host: string;
	port: string;
	/** `paths.origin`, or a variable. */
	pinned: string;
}

/**
 * The origin a request was made to, as adapter-node finds it: pinned, else protocol (https unless a trusted header says
 * otherwise), host and port.
 * @param hosts tells what may be a host
 * @throws {AdapterError} `bad_value` if there is no host or a trusted header makes no sense; the answer to that is 400
 */
export function requestOrigin(
	exchange: Exchange,
	options: OriginOptions,
	hosts: HostCheck
): string {
	if (options.pinned) return options.pinned;
	const given = trusted(exchange, options.protocolHeader) ?? options.protocol ?? 'https';
	const protocol = decode(given);
	if (protocol === undefined || protocol.includes(':')) {
		throw badHeader(options.protocolHeader, given, 'It must hold the scheme alone, such as https.');
	}
	const named = trusted(exchange, options.hostHeader);
	const host = named ?? exchange.header('host');
	if (!host) {
		throw new AdapterError('bad_value', { what: 'A request names no host' });
	}
	if (!hosts.passes(host)) {
		throw badHeader(
			named === undefined ? 'host' : options.hostHeader,
			host,
			'It must hold a host and perhaps a port, such as example.com:8443.'
		);
	}
	const port = trusted(exchange, options.portHeader);
	if (port !== undefined && Number.isNaN(Number(port))) {
		throw badHeader(options.portHeader, port, 'It must hold the port number alone, such as 443.');
	}
	return `${ofPages(protocol, exchange)}://${host}${port === undefined ? '' : `:${port}`}`;
}

/** Some proxies, such as Traefik, say `wss` of a handshake. The app is where it always is. */
function ofPages(protocol: string, exchange: Exchange): string {
	const isNamedSo = /^wss?$/i.test(protocol) && exchange.header('upgrade') !== undefined;
	return isNamedSo ? protocol.replace(/^ws/i, 'http') : protocol;
}

function decode(value: string): string | undefined {
	try {
		return decodeURIComponent(value);
	} catch {
		return undefined;
	}
}

function trusted(exchange: Exchange, name: string): string | undefined {
	return name === '' ? undefined : exchange.header(name) || undefined;
}

function badHeader(name: string, value: string, todo: string): AdapterError {
	return new AdapterError('bad_value', {
		what: `The header ${name} of a request makes no sense`,
		value: JSON.stringify(printable(value, 100)),
		todo
	});
}
