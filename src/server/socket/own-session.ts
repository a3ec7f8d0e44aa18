import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Caller } from '../../shared/errors.ts';
import { isBeat } from '../../shared/heartbeat.ts';
import { fieldsOf, frame, isFrame, kinds, mark, version } from '../../shared/protocol.ts';
import type { CloseCause, EngineSocket, SocketData, SocketEvents } from '../engine/engine.ts';
import { shownIssues } from './incoming.ts';
import type { RequestOptions } from './peer-client.ts';
import { readPositions } from './positions.ts';
import { RequestReply, type ReplyEnd } from './reply.ts';
import { Requests } from './requests.ts';
import { Session } from './session.ts';
import type { SessionClient, SessionOptions, SessionStart } from './session-options.ts';

/** What a client of ours has asked for. */
export interface WantedClient {
	name: string;
	/** Its first message says what it has received before. */
	resumes: boolean;
}

/** Milliseconds that the first message of a client may take which is to say what it has received before. */
const patience = 5000;

/** Requests of one client that nobody has answered yet. */
const maxUnanswered = 1000;

const idPattern = /^[\da-z]{1,16}$/;

/** The first part of what comes in two. */
interface Head {
	kind: string;
	id: string;
	bytes: number;
}

/** The session of a client that speaks our protocol: frames on its side, messages of the app on the other. */
export class OwnSession implements SocketEvents, SessionClient, ReplyEnd {
	readonly name: string;
	positions: ReadonlyMap<string, string> = new Map();
	readonly #options: SessionOptions;
	readonly #session: Session;
	readonly #interval: number;
	#socket: EngineSocket | undefined;
	/** Until the client has said what it has received before. */
	#resuming: { done: () => void; promise: Promise<void> } | undefined;
	/** What the next message belongs to, if it is binary and of this length. */
	#head: Head | undefined;
	#unanswered = 0;
	/** What the app has asked it, once it has. */
	#requests: Requests | undefined;

	constructor(options: SessionOptions, start: SessionStart, wanted: WantedClient) {
		this.name = wanted.name;
		this.#options = options;
		this.#interval = start.heartbeat ?? 0;
		this.#session = new Session(options, { ...start, client: this });
		if (wanted.resumes) this.#resuming = patiently();
	}

	/** When it has said what it has received before; undefined if it says nothing. */
	get resumed(): Promise<void> | undefined {
		return this.#resuming?.promise;
	}

	get peer(): Session['peer'] {
		return this.#session.peer;
	}

	open(socket: EngineSocket): void {
		this.#socket = socket;
		this.transmit(frame(kinds.hello, version, this.#interval));
		this.#session.open(socket);
	}

	/** The `open` hook is done. */
	opened(): void {
		this.transmit(frame(kinds.opened));
	}

	message(data: SocketData): void {
		const resuming = this.#resuming;
		if (resuming) {
			this.#resuming = undefined;
			if (isFrame(data) && data[1] === kinds.resume) this.positions = readPositions(data);
			resuming.done();
		}
		const head = this.#head;
		this.#head = undefined;
		if (typeof data !== 'string' && head?.bytes === data.byteLength) this.#complete(head, data);
		else if (!isFrame(data)) this.#session.receive(data);
		else if (isBeat(data)) this.#session.message(data);
		else this.#frame(data);
	}

	pong(data: Uint8Array): void {
		this.#session.pong(data);
	}

	drain(): void {
		this.#session.drain();
	}

	overflow(): void {
		this.#session.overflow();
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		this.#resuming?.done();
		this.#resuming = undefined;
		this.#requests?.end();
		this.#session.close(code, reason, cause);
	}

	request(value: unknown, options: RequestOptions, caller: Caller): Promise<unknown> {
		this.#requests ??= new Requests((...frames) => this.transmit(...frames));
		return this.#requests.ask(value, options, caller);
	}

	refused(issues: readonly StandardSchemaV1.Issue[]): void {
		this.transmit(frame(kinds.refused, JSON.stringify(shownIssues(issues))));
	}

	transmit(...frames: SocketData[]): boolean {
		// What belongs to one that was dropped would be taken for something else.
		return frames.every((each) => this.#socket?.send(each, false) !== 'dropped');
	}

	answered(): void {
		this.#unanswered -= 1;
	}

	#frame(text: string): void {
		const kind = text[1];
		if (kind === kinds.text) return this.#session.receive(text.slice(mark.length));
		const [id = '', second] = fieldsOf(text, 2);
		if (kind === kinds.missing) this.#resend(wholeNumber(id), wholeNumber(second));
		else if (!idPattern.test(id)) return;
		else if (kind === kinds.request && second !== undefined) this.#request(id, second);
		else if (kind === kinds.answer) this.#requests?.answered(id, second);
		else if (kind === kinds.failure) this.#failed(text);
		else if (kind === kinds.binaryRequest || kind === kinds.binaryAnswer) {
			this.#head = { kind, id, bytes: wholeNumber(second) };
		}
	}

	#complete({ kind, id }: Head, bytes: Uint8Array): void {
		if (kind === kinds.binaryRequest) this.#request(id, bytes);
		else this.#requests?.answeredWith(id, bytes);
	}

	#failed(text: string): void {
		const [id = '', status, message = ''] = fieldsOf(text, 3);
		const number = wholeNumber(status);
		this.#requests?.failed(id, Number.isNaN(number) ? 500 : number, message);
	}

	#request(id: string, value: SocketData): void {
		const reply = new RequestReply(this, id);
		this.#unanswered += 1;
		if (this.#unanswered <= maxUnanswered) this.#session.receive(value, reply);
		else reply.refuse(429, 'Too many requests are unanswered');
	}

	/** Only of a topic that it is on. */
	#resend(number: number, offset: number): void {
		const { peer } = this.#session;
		if (peer === undefined || Number.isNaN(offset)) return;
		const { registry } = this.#options.settings;
		for (const topic of peer.topics) {
			const kept = registry.kept(topic);
			if (kept?.number === number) return kept.resend(peer, offset);
		}
	}
}

/** NaN for what is none. */
function wholeNumber(text = ''): number {
	return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

function patiently(): { done: () => void; promise: Promise<void> } {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, patience);
	timer.unref();
	return {
		promise,
		done: () => {
			clearTimeout(timer);
			resolve();
		}
	};
}
