import type { SocketData } from './codec.ts';
import type { Host, Line, LineEvent, Spoken, Ticket } from './host.ts';
import { Positions } from './positions.ts';
import { Presence } from './presence.ts';
import { Requests } from './requests.ts';

/** An issue of a schema of the server. */
interface Issue {
	message: string;
	path?: (string | number)[];
}

/** What comes with the next binary message. */
interface Expected {
	bytes: number;
	receive(data: unknown): void;
}

/** All of the protocol but what every page needs: requests, positions and presence. */
export class Dialogue implements Spoken {
	readonly #host: Host;
	readonly #requests: Requests;
	readonly #positions: Positions;
	readonly #presence: Presence;
	readonly #expected = new WeakMap<Line, Expected>();

	constructor(host: Host) {
		this.#host = host;
		this.#requests = new Requests(host);
		this.#positions = new Positions(host);
		this.#presence = new Presence(host);
	}

	received(line: Line, data: unknown): void {
		const expected = this.#expected.get(line);
		// Where something else follows, what was announced is lost.
		this.#expected.delete(line);
		if (expected && sizeOf(data) === expected.bytes) expected.receive(data);
		else if (!line.isFramed || !this.#host.tools.isFrame(data) || !this.#heard(line, data)) {
			this.#host.receivePlainly(line, data);
		}
	}

	tell(event: LineEvent, line: Line | undefined): void {
		if (event === 'moved') this.#positions.moved();
		if (event === 'moved' || event === 'closed') this.#presence.forget();
		if (event === 'closed') this.#requests.closed();
		if (!line) return;
		if (event === 'ended') this.#requests.ended(line);
		if (!this.#host.isCurrent(line)) return;
		if (event === 'ended') this.#positions.ended();
		if (event === 'known') {
			this.#positions.known(line);
			if (!line.isFramed) this.#presence.forget();
		}
		if (event === 'opened') {
			this.#positions.opened();
			this.#presence.opened(line);
		}
	}

	resumes(): Promise<boolean> {
		return this.#positions.resumes();
	}

	resume(): string {
		return this.#positions.resume();
	}

	ask(ticket: Ticket): void {
		this.#requests.ask(ticket);
	}

	refuse(ticket: Ticket, isClosed: boolean): void {
		this.#requests.refuse(ticket, isClosed);
	}

	deliver(line: Line, ticket: Ticket, data: SocketData): boolean {
		return this.#requests.deliver(line, ticket, data);
	}

	isAwaiting(line: Line): boolean {
		return this.#requests.isAwaiting(line);
	}

	/** @returns false for what every page knows */
	#heard(line: Line, text: string): boolean {
		const { fieldsOf, kinds } = this.#host.tools;
		const fields = fieldsOf(text, 3);
		const number = Number(fields[0]);
		const receive = (data: unknown) => {
			const tell = () => this.#host.receive(line, data);
			this.#positions.receive(line, number, Number(fields[1]), tell);
		};
		switch (text[1]) {
			case kinds.topic:
				this.#positions.follow(line, rest(fields, 0));
				return true;
			case kinds.left:
				this.#positions.leave(line, number);
				this.#presence.leave(line, number);
				return true;
			case kinds.message:
				receive(rest(fields, 2));
				return true;
			case kinds.binary:
				this.#expected.set(line, { bytes: Number(fields[2]), receive });
				return true;
			case kinds.passed:
				this.#positions.receive(line, number, Number(fields[1]), () => {});
				return true;
			case kinds.presence:
				this.#presence.change(line, number, rest(fields, 1));
				return true;
			case kinds.refused:
				this.#refused(JSON.parse(rest(fields, 0)) as Issue[]);
				return true;
			default:
				return this.#heardOfRequest(line, text[1], fields);
		}
	}

	#heardOfRequest(line: Line, kind: string | undefined, fields: string[]): boolean {
		const { kinds } = this.#host.tools;
		const [first = '', second] = fields;
		const ask = (data: unknown) => void this.#requests.asked(line, first, data);
		const answer = (data: unknown) => this.#requests.answered(Number(first), data);
		switch (kind) {
			case kinds.answer:
				answer(second === undefined ? undefined : rest(fields, 1));
				return true;
			case kinds.failure:
				this.#requests.failed(Number(first), Number(second), rest(fields, 2));
				return true;
			case kinds.request:
				ask(rest(fields, 1));
				return true;
			case kinds.binaryAnswer:
			case kinds.binaryRequest:
				this.#expected.set(line, {
					bytes: Number(second),
					receive: kind === kinds.binaryAnswer ? answer : ask
				});
				return true;
			default:
				return false;
		}
	}

	#refused(issues: Issue[]): void {
		const value = issues
			.map(({ message, path = [] }) => [path.join('.'), message].filter(Boolean).join(': '))
			.join('; ');
		const error = new this.#host.tools.ConnectionError('bad_message', {
			what: 'The server refuses a message',
			value,
			status: 400,
			cause: issues
		});
		// Somebody has to hear of it.
		if (!this.#host.tell('error', error)) console.error(error);
	}
}

/** All but so many fields. */
function rest(fields: string[], count: number): string {
	return fields.slice(count).join(',');
}

/** Of a binary message, in bytes. */
function sizeOf(data: unknown): number | undefined {
	return data instanceof ArrayBuffer ? data.byteLength : (data as Partial<Blob>).size;
}
