/** Listeners by type of event. One that throws stops neither the others nor whoever tells them. */
export class Emitter<Events extends object> {
	readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

	/** @returns stops it */
	on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void {
		const listeners = this.#listeners.get(type) ?? new Set();
		// A function that is added twice is called twice, and each time it is taken back by itself.
		const own = (event: Events[Type]) => listener(event);
		this.#listeners.set(type, listeners.add(own));
		return () => void listeners.delete(own);
	}

	/** @returns whether anybody listens */
	emit<Type extends keyof Events>(type: Type, event: Events[Type]): boolean {
		const listeners = [...(this.#listeners.get(type) ?? [])];
		for (const listener of listeners) {
			try {
				(listener as (event: Events[Type]) => void)(event);
			} catch (error) {
				queueMicrotask(() => {
					throw error;
				});
			}
		}
		return listeners.length > 0;
	}
}
