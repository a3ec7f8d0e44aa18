import { on } from 'node:events';
import {
	asks,
	liveFieldsOf,
	liveFrame,
	livePath,
	liveProtocol,
	pieceHeader,
	says,
	type LiveHead
} from '../../src/shared/live.ts';
import { connectClient, type Client, type ConnectOptions } from './client.ts';

/** One answer, as it comes in. */
export class LiveAnswer {
	readonly id: number;
	readonly head: Promise<LiveHead>;
	/** How it has ended. */
	readonly ended: Promise<'end' | 'lost' | 'declined'>;
	/** The body so far. */
	body = '';
	/** Bytes of it. */
	received = 0;
	readonly events = new EventTarget();
	readonly #decoder = new TextDecoder();
	readonly #head = Promise.withResolvers<LiveHead>();
	readonly #ended = Promise.withResolvers<'end' | 'lost' | 'declined'>();

	constructor(id: number) {
		this.id = id;
		this.head = this.#head.promise;
		this.ended = this.#ended.promise;
		// Whoever does not ask for it does not mind.
		this.head.catch(() => {});
	}

	begin(head: LiveHead): void {
		this.#head.resolve(head);
	}

	receive(piece: Uint8Array): void {
		this.received += piece.byteLength;
		this.body += this.#decoder.decode(piece, { stream: true });
		this.events.dispatchEvent(new Event('body'));
	}

	end(how: 'end' | 'lost' | 'declined'): void {
		this.#head.reject(new Error(`There is no answer: ${how}`));
		this.#ended.resolve(how);
		this.events.dispatchEvent(new Event('body'));
	}

	/** When the body has this in it. */
	async has(text: string): Promise<void> {
		if (this.body.includes(text)) return;
		for await (const _ of on(this.events, 'body')) if (this.body.includes(text)) return;
	}
}

/** A client of live queries that does what it is told. */
export class LiveClient implements AsyncDisposable {
	readonly client: Client;
	readonly #answers = new Map<number, LiveAnswer>();
	/** Says by itself what has arrived. */
	acknowledges = true;
	/** Says by itself that it was read. */
	reads = true;
	#count = 0;

	constructor(client: Client) {
		this.client = client;
		client.ws.on('message', (data: Buffer, isBinary: boolean) => {
			if (isBinary) this.#piece(data);
			else this.#hear(String(data));
		});
	}

	/** @param url of the server, with its base */
	static async open(url: string, options: ConnectOptions = {}): Promise<LiveClient> {
		const given = { protocols: [liveProtocol], ...options };
		return new LiveClient(await connectClient(url + livePath, given));
	}

	get(path: string, headers: [string, string][] = [['accept', 'text/event-stream']]): LiveAnswer {
		this.#count += 1;
		const answer = new LiveAnswer(this.#count);
		this.#answers.set(answer.id, answer);
		this.client.send(liveFrame(asks.get, answer.id, JSON.stringify({ path, headers })));
		return answer;
	}

	cancel({ id }: Pick<LiveAnswer, 'id'>): void {
		this.client.send(liveFrame(asks.cancel, id));
	}

	arrived(bytes: number): void {
		this.client.send(liveFrame(asks.arrived, bytes));
	}

	read({ id }: Pick<LiveAnswer, 'id'>, bytes: number): void {
		this.client.send(liveFrame(asks.read, id, bytes));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.client[Symbol.asyncDispose]();
	}

	#piece(data: Buffer): void {
		const id = data.readUInt32BE();
		const piece = data.subarray(pieceHeader);
		if (this.acknowledges) this.arrived(piece.byteLength);
		if (this.reads) this.read({ id }, piece.byteLength);
		this.#answers.get(id)?.receive(piece);
	}

	#hear(text: string): void {
		const [id, rest] = liveFieldsOf(text);
		const answer = this.#answers.get(id);
		const letter = text[0];
		if (letter === says.head) answer?.begin(JSON.parse(rest) as LiveHead);
		else if (letter === says.end) answer?.end('end');
		else if (letter === says.lost) answer?.end('lost');
		else if (letter === says.declined) answer?.end('declined');
	}
}

/** The path of a remote function of an app, below its base. */
export function remotePath(file: string, name: string, payload?: unknown): string {
	const query = payload === undefined ? '' : `?payload=${encode(payload)}`;
	return `/_app/remote/${hash(file)}/${name}${query}`;
}

/** As `stringify` of devalue writes one primitive, in base64url. */
function encode(payload: unknown): string {
	return Buffer.from(JSON.stringify([payload])).toString('base64url');
}

/** Kit's own: `utils/hash.js`. */
function hash(text: string): string {
	let value = 5381;
	for (let index = text.length - 1; index >= 0; index -= 1)
		value = (value * 33) ^ text.charCodeAt(index);
	return (value >>> 0).toString(36);
}
