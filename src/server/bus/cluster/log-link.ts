import type { LogLink, Numbered, Page } from '../log/link.ts';
import type { HistoryLimits, NewEntry } from '../topic-log.ts';
import type { Connection } from './connection.ts';
import { questionPacket, readAnswer, type Answer, type Question } from './log-packets.ts';
import { maxFrame } from './packets.ts';

/** The way of a worker to what the router remembers. What waits when the connection breaks is given up by who waits. */
export class RouterLog implements LogLink {
	readonly maxEntry = maxFrame;
	readonly #connection: Connection;
	readonly #waiting = new Map<number, (answer: Answer) => void>();
	#count = 0;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	async append(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits,
		patience: number
	): Promise<readonly Numbered[]> {
		const deadline = Date.now() + patience;
		const { numbered, refused } = await this.#ask({ topic, entries, limits, deadline });
		if (numbered === undefined) throw refusal(refused);
		return numbered;
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Page> {
		const { page, refused } = await this.#ask({ topic, entries: [], limits, after });
		if (page === undefined) throw refusal(refused);
		return page;
	}

	/** To be called with what the router answers. */
	receive(body: Buffer): void {
		const answer = readAnswer(body);
		this.#waiting.get(answer.number)?.(answer);
		this.#waiting.delete(answer.number);
	}

	#ask(question: Omit<Question, 'number'>): Promise<Answer> {
		const number = (this.#count += 1);
		return new Promise((resolve) => {
			this.#waiting.set(number, resolve);
			this.#connection.send(...questionPacket({ ...question, number }));
		});
	}
}

function refusal(reason = 'it does not say why'): Error {
	return new Error(`The router of the workers does not remember it: ${reason}`);
}
