import type { Page } from './page.ts';

/** Listeners by type of event. As on the web, one that throws stops neither the others nor whoever tells them. */
export class Emitter<Events extends object> {
	readonly #target = new EventTarget();
	readonly #run: Page['run'];

	/** @param run runs listeners */
	constructor(run: Page['run']) {
		this.#run = run;
	}

	/** @returns stops it */
	on<Type extends keyof Events & string>(
		type: Type,
		listener: (event: Events[Type]) => void
	): () => void {
		// A function that is added twice is called twice, and each time it is taken back by itself.
		const own = (event: Event) => {
			event.preventDefault();
			listener((event as CustomEvent<Events[Type]>).detail);
		};
		this.#target.addEventListener(type, own);
		return () => this.#target.removeEventListener(type, own);
	}

	/** @returns whether anybody listens */
	emit<Type extends keyof Events & string>(type: Type, detail: Events[Type]): boolean {
		const event = new CustomEvent(type, { detail, cancelable: true });
		return !this.#run(() => this.#target.dispatchEvent(event));
	}
}
