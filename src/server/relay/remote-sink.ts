import { settled } from '../settled.ts';
import type { Sink } from '../engine/sink.ts';
import { ops } from './frames.ts';
import type { Link } from './link.ts';
import { encodeMessage, type Answered } from './messages.ts';
import { Room } from './room.ts';

/** An answer on its way to the outpost that has the connection. */
export class RemoteSink implements Sink {
	readonly #link: Link;
	readonly #room: Room;
	readonly #status: number;
	readonly #headers: [string, string][];
	readonly #onEnd: () => void;
	#isBegun = false;
	#sent = 0;

	/** @param onEnd nothing follows */
	constructor(
		link: Link,
		room: Room,
		{ status, headers }: Pick<Answered, 'status' | 'headers'>,
		onEnd: () => void
	) {
		this.#link = link;
		this.#room = room;
		this.#status = status;
		this.#headers = headers;
		this.#onEnd = onEnd;
	}

	end(body: string | Uint8Array): Promise<void> {
		this.#begin('whole');
		this.#link.tellBytes(ops.body, typeof body === 'string' ? Buffer.from(body) : body);
		return this.finish();
	}

	endWithoutBody(contentLength?: number): void {
		this.#begin('none', contentLength);
		void this.finish();
	}

	write(chunk: Uint8Array): Promise<void> {
		this.#begin('stream');
		this.#link.tellBytes(ops.body, chunk);
		return this.#room.have();
	}

	finish(): Promise<void> {
		this.#begin('stream');
		this.#link.tell(ops.end);
		this.#onEnd();
		return settled;
	}

	writeSized(chunk: Uint8Array, total: number): Promise<void> {
		this.#begin('stream', total);
		this.#link.tellBytes(ops.body, chunk);
		this.#sent += chunk.byteLength;
		return this.#sent >= total ? this.finish() : this.#room.have();
	}

	fail(): void {
		if (this.#isBegun) this.#link.tell(ops.cut);
		else this.#tellHead({ status: 500, headers: [], body: 'none' });
		this.#onEnd();
	}

	#begin(body: Answered['body'], length?: number): void {
		if (this.#isBegun) return;
		const headers: [string, string][] =
			length === undefined ? [] : [['content-length', String(length)]];
		this.#tellHead({ status: this.#status, headers: [...this.#headers, ...headers], body });
	}

	#tellHead(head: Answered): void {
		this.#isBegun = true;
		this.#link.tell(ops.answer, encodeMessage(head));
	}
}
