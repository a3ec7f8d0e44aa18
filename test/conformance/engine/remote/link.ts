import type { PipeReader, PipeWriter } from './pipe.ts';
import { Values, type Home, type Wire } from './values.ts';

type Wish =
	| { is: 'call'; target: number; method?: string; args: Wire }
	| { is: 'get'; target: number; property: string };

/** `during`: the request of the other end in which this one was made. */
type Request = Wish & { id: number; during?: number };

interface Answer {
	is: 'return' | 'throw';
	id: number;
	value: Wire;
}

type Message =
	| Request
	| Answer
	| { is: 'settle'; id: number; how: 'resolve' | 'reject'; value: Wire }
	/** The turn of the test is over. */
	| { is: 'release' };

/** Milliseconds after which an end that does not answer is given up. */
const patience = 60_000;

/** Nothing is anybody's: what a process offers the other one, before it knows anything of it. */
const root = 0;

export interface LinkOptions {
	reader: PipeReader;
	writer: PipeWriter;
	/** Something was written that nobody waits for. */
	wake(): void;
	/** What the other end may ask of this one. */
	offers?: unknown;
	/**
	 * This end keeps the other one from its event loop from its first call of a turn until its turn is over, so that
	 * nothing happens there in the middle of a test's turn; and is called by it only between its turns.
	 */
	leads: boolean;
	/** A method was called from the other end, and has returned. */
	called?(target: unknown, method: string, args: unknown[]): void;
}

/**
 * Calls between two processes as if they were one: who calls waits, without a turn of its event loop, and serves what the other
 * end calls meanwhile.
 */
export class Link implements Home {
	readonly #options: LinkOptions;
	readonly #values = new Values(this);
	readonly #answers = new Map<number, Answer>();
	readonly #postponed: Request[] = [];
	readonly #serving: number[] = [];
	#count = 0;
	#waiting = 0;
	#isHeld = false;

	constructor(options: LinkOptions) {
		this.#options = options;
	}

	/** A method of what the other end offers. */
	ask(method: string, args: unknown[]): unknown {
		return this.call(root, method, args);
	}

	call(target: number, method: string | undefined, args: unknown[]): unknown {
		return this.#request({
			is: 'call',
			target,
			...(method !== undefined && { method }),
			args: this.#values.encode(args)
		});
	}

	get(target: number, property: string): unknown {
		return this.#request({ is: 'get', target, property });
	}

	settle(id: number, how: 'resolve' | 'reject', value: unknown): void {
		this.#post({ is: 'settle', id, how, value: this.#values.encode(value) });
	}

	/** Somebody has been woken: see what there is. */
	pump(): void {
		for (;;) {
			const request = this.#postponed.shift();
			if (request) this.#serve(request);
			else if (!this.#receive(this.#options.reader.poll())) break;
		}
		if (this.#options.leads) return;
		while (this.#isHeld) this.#receive(this.#options.reader.wait(patience));
	}

	#request(wish: Wish): unknown {
		this.#count += 1;
		const id = this.#count;
		const during = this.#serving.at(-1);
		this.#hold();
		this.#post({ ...wish, id, ...(during !== undefined && { during }) });
		this.#waiting += 1;
		try {
			while (!this.#answers.has(id)) this.#receive(this.#options.reader.wait(patience));
		} finally {
			this.#waiting -= 1;
		}
		const answer = this.#answers.get(id);
		this.#answers.delete(id);
		const value = this.#values.decode(answer?.value ?? null);
		if (answer?.is === 'throw') throw value;
		return value;
	}

	/** Until the end of this turn. */
	#hold(): void {
		if (!this.#options.leads || this.#isHeld) return;
		this.#isHeld = true;
		setImmediate(() => {
			this.#isHeld = false;
			this.#post({ is: 'release' });
			if (this.#postponed.length > 0) this.pump();
		});
	}

	#post(message: Message): void {
		this.#options.writer.write(JSON.stringify(message));
		if (message.is !== 'return' && message.is !== 'throw') this.#options.wake();
	}

	#receive(text: string | undefined): boolean {
		if (text === undefined) return false;
		const message = JSON.parse(text) as Message;
		this.#take(message);
		return true;
	}

	#take(message: Message): void {
		switch (message.is) {
			case 'return':
			case 'throw':
				this.#answers.set(message.id, message);
				break;
			case 'settle':
				this.#values.settled(message.id, message.how, this.#values.decode(message.value));
				break;
			case 'release':
				this.#isHeld = false;
				break;
			default:
				if (this.#waits(message)) this.#postponed.push(message);
				else this.#serve(message);
		}
	}

	/** What happens by itself at the other end happens between two turns of this one. */
	#waits({ during }: Request): boolean {
		return this.#options.leads && this.#waiting > 0 && during === undefined;
	}

	#serve(request: Request): void {
		if (!this.#options.leads && this.#waiting === 0) this.#isHeld = true;
		this.#serving.push(request.id);
		const { id } = request;
		try {
			this.#post({ is: 'return', id, value: this.#values.encode(this.#run(request)) });
		} catch (error) {
			this.#post({ is: 'throw', id, value: this.#values.encode(error) });
		} finally {
			this.#serving.pop();
		}
	}

	#run(request: Request): unknown {
		const { target: id } = request;
		const target = id === root ? this.#options.offers : this.#values.own(id);
		if (request.is === 'get') return (target as Record<string, unknown>)[request.property];
		const args = this.#values.decode(request.args) as unknown[];
		type Method = (...args: unknown[]) => unknown;
		const { method } = request;
		if (method === undefined) return (target as Method)(...args);
		try {
			return (target as Record<string, Method>)[method]?.(...args);
		} finally {
			this.#options.called?.(target, method, args);
		}
	}
}
