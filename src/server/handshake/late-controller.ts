/** An `AbortController` of a signal that is made when somebody asks for it. */
export class LateController implements AbortController {
	#controller: AbortController | undefined;
	#isAborted = false;
	#reason: unknown;

	/** What the signal says, or would say. */
	get aborted(): boolean {
		return this.#isAborted;
	}

	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#isAborted) this.#controller.abort(this.#reason);
		}
		return this.#controller.signal;
	}

	/** As with any controller only the first one counts. */
	abort(reason?: unknown): void {
		if (this.#isAborted) return;
		this.#isAborted = true;
		this.#reason = reason;
		this.#controller?.abort(reason);
	}
}
