import { settled } from './settled.ts';

/** Counts what is under way, so that a shutdown can wait for it. */
export class Requests {
	#active = 0;
	/** There has been one. */
	#areKnown = false;
	#waiting: (() => void)[] = [];
	#idleTimer: (() => void) | undefined;
	#timer: NodeJS.Timeout | undefined;

	/** @returns the answer itself: whoever waits for it hears why it fails */
	track(answer: Promise<void>): Promise<void> {
		this.#active += 1;
		this.#areKnown = true;
		clearTimeout(this.#timer);
		if (answer === settled) this.#done();
		else answer.then(this.#done, this.#done);
		return answer;
	}

	readonly #done = (): void => {
		this.#active -= 1;
		if (this.#active > 0) return;
		for (const done of this.#waiting.splice(0)) done();
		this.#idleTimer?.();
	};

	get areActive(): boolean {
		return this.#active > 0;
	}

	/** Whether there has been one: its client may have kept the connection. */
	get areKnown(): boolean {
		return this.#areKnown;
	}

	/** When nothing is under way. */
	idle(): Promise<void> {
		if (this.#active === 0) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Call back when nothing was under way for so many seconds after a request, and `isIdle` agrees. */
	onIdle(seconds: number, isIdle: () => boolean, callback: () => void): void {
		const check = () => (isIdle() ? callback() : this.#idleTimer?.());
		this.#idleTimer = () => {
			this.#timer = setTimeout(check, seconds * 1000).unref();
		};
	}
}
