import type { Processes } from '../bus/processes.ts';
import { kinds } from '../bus/kinds.ts';
import { readAnswer, readQuestion, type Answer, type Question } from './letters.ts';

/** Milliseconds, for Node's timers: some 24 days. */
const longest = 2 ** 31 - 1;

/** Who is still to be heard, and what the others have said. */
interface Poll {
	readonly waiting: Set<string>;
	sum: number;
	finish(): void;
}

/** What the processes answer when one of them asks how many there are. */
export class Counts {
	readonly #processes: Processes;
	readonly #polls = new Map<number, Poll>();
	#asked = 0;

	/** @param countHere how many are in this process: on the topic, or at all */
	constructor(processes: Processes, countHere: (topic: string | undefined) => number) {
		this.#processes = processes;
		processes.listen(kinds.count, (data, sender) => {
			const { number, topic } = readQuestion(data);
			const answer: Answer = { number, count: countHere(topic) };
			processes.tell(sender, kinds.counted, JSON.stringify(answer));
		});
		processes.listen(kinds.counted, (data, sender) => {
			const { number, count } = readAnswer(data);
			this.#hear(number, sender, count);
		});
		processes.onLeft((process) => {
			for (const number of [...this.#polls.keys()]) this.#hear(number, process, 0);
		});
	}

	/**
	 * @param timeout milliseconds
	 * @returns how many the others have, as soon as all have answered or are gone, or what was answered by then
	 */
	ask(topic: string | undefined, timeout: number): Promise<number> {
		const waiting = new Set(this.#processes.others);
		if (waiting.size === 0) return Promise.resolve(0);
		const number = (this.#asked += 1);
		return new Promise((resolve) => {
			const finish = () => {
				clearTimeout(timer);
				this.#polls.delete(number);
				resolve(poll.sum);
			};
			const poll: Poll = { waiting, sum: 0, finish };
			const timer = setTimeout(finish, Math.min(timeout, longest));
			this.#polls.set(number, poll);
			const question: Question = { number, ...(topic !== undefined && { topic }) };
			this.#processes.tellAll(kinds.count, JSON.stringify(question));
		});
	}

	#hear(number: number, process: string, count: number): void {
		const poll = this.#polls.get(number);
		if (!poll?.waiting.delete(process)) return;
		poll.sum += count;
		if (poll.waiting.size === 0) poll.finish();
	}
}
