import type { Exchange } from '../engine/engine.ts';

/** A handshake that is answered with a status instead of a socket. The message goes to the client. */
export class Refusal extends Error {
	readonly status: number;
	readonly headers: [name: string, value: string][];

	constructor(status: number, message: string, headers: [string, string][] = []) {
		super(message);
		this.status = status;
		this.headers = headers;
	}
}

/**
 * RFC 6455, section 4.2.1.
 * @throws {Refusal} 400 for a malformed handshake, 426 for another version of the protocol
 */
export function checkRequest(exchange: Exchange): void {
	if (exchange.header('sec-websocket-version') !== '13') {
		throw new Refusal(426, 'Only version 13 is spoken here', [['sec-websocket-version', '13']]);
	}
	const key = exchange.header('sec-websocket-key') ?? '';
	if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key)) {
		throw new Refusal(400, 'The header sec-websocket-key must be 16 bytes in base64');
	}
}

export function foreign(): Refusal {
	return new Refusal(403, 'This origin may not open a socket here');
}

export function noSocket(): Refusal {
	return new Refusal(404, 'No socket here');
}

export async function refuse(exchange: Exchange, refusal: Refusal): Promise<void> {
	const headers: [string, string][] = [['content-type', 'text/plain'], ...refusal.headers];
	await exchange.send({ status: refusal.status, headers }, Buffer.from(refusal.message));
}
