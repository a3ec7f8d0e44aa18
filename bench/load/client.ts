import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A WebSocket client that costs next to nothing: the load must not be what is measured. */
export interface RawClient {
	readonly socket: Socket;
	/** Send bytes that are a frame already. */
	send(frame: Buffer): void;
}

/** An empty one, as servers send it. Nothing else that they send here has a byte like the first. */
const ping = [0x89, 0] as const;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** @param onBytes is called with the length of what has arrived after the handshake, without pings, and with all of it */
export async function openRaw(
	port: number,
	path: string,
	onBytes: (length: number, bytes: Buffer) => void = () => {}
): Promise<RawClient> {
	const socket = connect({ port, host: '127.0.0.1', noDelay: true });
	await once(socket, 'connect');
	socket.write(
		`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
			'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
			'cookie: session=abcdef0123456789abcdef0123456789\r\nx-forwarded-proto: http\r\n\r\n'
	);
	let head = Buffer.alloc(0);
	const open = Promise.withResolvers<void>();
	const onHead = (chunk: Buffer) => {
		head = Buffer.concat([head, chunk]);
		const end = head.indexOf('\r\n\r\n');
		if (end === -1) return;
		if (!head.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
			return open.reject(new Error(head.toString('latin1')));
		socket.off('data', onHead).on('data', (bytes: Buffer) => {
			if (!bytes.includes(ping[0])) return onBytes(bytes.byteLength, bytes);
			socket.write(pong);
			onBytes(bytes.byteLength - ping.length, bytes);
		});
		open.resolve();
	};
	socket.on('data', onHead);
	socket.on('error', open.reject);
	await open.promise;
	return { socket, send: (frame) => socket.write(frame) };
}

/** As many as are needed, fifty at a time. */
export async function openMany(
	count: number,
	open: () => Promise<RawClient>
): Promise<RawClient[]> {
	const clients: RawClient[] = [];
	while (clients.length < count) {
		const length = Math.min(50, count - clients.length);
		clients.push(...(await Promise.all(Array.from({ length }, open))));
	}
	return clients;
}

export function leave(clients: readonly RawClient[]): void {
	for (const { socket } of clients) socket.destroy();
}

/** A text frame of a client, whose mask is all zeros. */
export function clientFrame(text: string): Buffer {
	if (text.length > 125) throw new Error('Only short frames are needed here');
	const head = Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]);
	return Buffer.concat([head, Buffer.from(text)]);
}

/** Bytes of a short message as it comes from a server. */
export function serverFrameLength(text: string): number {
	return text.length + 2;
}
