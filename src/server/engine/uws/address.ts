import { SocketAddress } from 'node:net';

/** As `node:net` writes what uWS gives: 4 bytes, 16 for IPv6 with an IPv4 address inside perhaps, none for a unix socket. */
export function formatAddress(bytes: Uint8Array): string {
	if (bytes.byteLength !== 16) return bytes.join('.');
	const address = Buffer.from(bytes)
		.toString('hex')
		.replace(/.{4}(?=.)/g, '$&:');
	return new SocketAddress({ address, family: 'ipv6' }).address;
}
