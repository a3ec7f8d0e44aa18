import { frame, kinds } from '../../shared/protocol.ts';
import { toJson } from '../../shared/json.ts';
import type { SocketData } from '../engine/engine.ts';
import { bytesOf, isBinary } from './encode.ts';

/** What becomes of what a hook makes of a message. */
export interface Reply {
	/** @throws {AdapterError} `bad_value` for what cannot be sent; then `fail` has to be called */
	answer(value: unknown): void;
	/** The hook has thrown. @returns whether that is an answer of the app, and no accident */
	fail(error: unknown): boolean;
	/** The answer is none of the app. @param message what its page may see */
	refuse(status: number, message: string): void;
}

/** Where the frames of an answer go. */
export interface ReplyEnd {
	transmit(...frames: SocketData[]): boolean;
	/** A request has been answered. */
	answered(): void;
}

/** The answer to one request, which is given once. */
export class RequestReply implements Reply {
	readonly #end: ReplyEnd;
	readonly #id: string;

	constructor(end: ReplyEnd, id: string) {
		this.#end = end;
		this.#id = id;
	}

	answer(value: unknown): void {
		this.#send(...answerFrames(this.#id, value, RequestReply.prototype.answer));
	}

	fail(error: unknown): boolean {
		const thrown = thrownAnswer(error);
		const { status, message } = thrown ?? { status: 500, message: 'Internal Error' };
		this.refuse(status, message);
		return thrown !== undefined;
	}

	refuse(status: number, message: string): void {
		this.#send(frame(kinds.failure, this.#id, status, message.toWellFormed()));
	}

	#send(...frames: SocketData[]): void {
		this.#end.answered();
		this.#end.transmit(...frames);
	}
}

/**
 * The frames of an answer: bytes as they are, anything else as JSON, so that a string arrives as one.
 * @throws {AdapterError} `bad_value` for what cannot be sent
 */
function answerFrames(
	id: string,
	value: unknown,
	caller: (value: unknown) => void
): readonly SocketData[] {
	if (value === undefined) return [frame(kinds.answer, id)];
	if (!isBinary(value)) return [frame(kinds.answer, id, toJson(value, caller))];
	const bytes = bytesOf(value, caller);
	return [frame(kinds.binaryAnswer, id, bytes.byteLength), bytes];
}

/** What Kit's `error` and `redirect` throw, of whichever copy of Kit: they are no `Error`. */
function thrownAnswer(error: unknown): { status: number; message: string } | undefined {
	if (typeof error !== 'object' || error === null || error instanceof Error) return undefined;
	const { status, body, location } = error as Record<'status' | 'body' | 'location', unknown>;
	if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
	if (status >= 300 && status <= 308 && typeof location === 'string') {
		return { status, message: location };
	}
	const message = (body as { message?: unknown } | null | undefined)?.message;
	if (status < 400 || status > 599 || typeof message !== 'string') return undefined;
	return { status, message };
}
