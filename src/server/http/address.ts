import type { Exchange } from '../engine/engine.ts';

export interface AddressOptions {
	/** The trusted header, in lower case, or empty. */
	header: string;
	/** How the user calls the variable that names the header. */
	variable: string;
	/** How the user calls the variable of `xffDepth`. */
	depthVariable: string;
	/** How many proxies are trusted: which address of `x-forwarded-for` counts, from the right. */
	xffDepth: number;
}

/**
 * The address of the client, as adapter-node finds it.
 * @throws if the trusted header is absent or has too few addresses: somebody went around the proxy
 */
export function clientAddress(exchange: Exchange, options: AddressOptions): string {
	if (options.header === '') return exchange.address;
	const value = exchange.header(options.header);
	if (value === undefined) {
		throw new Error(
			`Address header was specified with ${options.variable}=${options.header} but is absent from request`
		);
	}
	if (options.header !== 'x-forwarded-for') return value;
	const addresses = value.split(',');
	const address = addresses.at(-options.xffDepth);
	if (address === undefined || options.xffDepth > addresses.length) {
		throw new Error(
			`${options.depthVariable} is ${options.xffDepth}, but only found ${addresses.length} addresses`
		);
	}
	return address.trim();
}
