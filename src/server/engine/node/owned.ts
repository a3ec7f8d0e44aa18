import { WebSocket, type RawData } from 'ws';
import type { CloseCause, SocketData } from '../engine.ts';

/** Whom a socket of `ws` tells. */
interface Owner {
	received(data: SocketData): void;
	answered(data: Uint8Array): void;
	/** Something goes wrong, and ends it soon. */
	blame(cause: CloseCause): void;
	closed(code: number, reason: string): void;
}

/** Knows whose it is, so that all can have the same listeners: what one alone holds is there for as long as it idles. */
export class OwnedWebSocket extends WebSocket {
	owner: Owner | undefined;

	tell(owner: Owner): void {
		this.owner = owner;
		this.on('message', onMessage);
		this.on('pong', onPong);
		this.on('error', onError);
		this.on('close', onClose);
	}
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
	ownerOf(this)?.received(toData(data, isBinary));
}

function onPong(this: WebSocket, data: Buffer): void {
	ownerOf(this)?.answered(new Uint8Array(data));
}

function onError(this: WebSocket, error: Error): void {
	ownerOf(this)?.blame(causeOf(error));
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
	ownerOf(this)?.closed(code, code === 1006 ? '' : reason.toString());
}

function ownerOf(ws: WebSocket): Owner | undefined {
	return ws instanceof OwnedWebSocket ? ws.owner : undefined;
}

/** `ws` has the same code for every way in which something is too large; whatever else it finds breaks a rule. */
function causeOf(error: NodeJS.ErrnoException): CloseCause {
	return /^WS_ERR_UNSUPPORTED_\w+_LENGTH$/.test(error.code ?? '') ? 'too_big' : 'invalid';
}

/** `ws` gives text as bytes, and bytes as a part of what was read. The app gets a buffer that holds them and nothing else. */
function toData(data: RawData, isBinary: boolean): SocketData {
	const bytes = Buffer.isBuffer(data)
		? data
		: Buffer.concat([data].flat().map((each) => new Uint8Array(each)));
	if (!isBinary) return bytes.toString();
	// For no bytes at all `ws` always gives the same buffer.
	const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength > 0;
	return isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}
