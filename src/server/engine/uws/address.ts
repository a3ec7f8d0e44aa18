import { SocketAddress } from 'node:net';

/** uWS writes IPv6 addresses in full, with an IPv4 address inside if there is one; `node:net` writes them short. */
export function shortAddress(address: string): string {
	if (!address.includes(':')) return address;
	return new SocketAddress({ address, family: 'ipv6' }).address;
}
