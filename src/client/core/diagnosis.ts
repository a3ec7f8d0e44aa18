import type { ConnectionError } from './errors.ts';
import type { Page } from './page.ts';
import { probe, type Answer } from './probe.ts';
import { blocked, redirected, refused, unspoken } from './reasons.ts';
import { isFinalStatus, type Refrain } from './retry.ts';
import type { Attempt, AttemptEnd } from './types.ts';

/** What has been found out about an attempt that failed. */
export interface Finding {
	/** Undefined if it explains nothing that was not known. */
	error: ConnectionError | undefined;
	/** Whether the server wants to be left alone. */
	refrain: Refrain;
}

/** An attempt that came as far as a handshake. */
export type Tried = Attempt & { url: URL };

/** Why attempts to connect to a place fail, as far as plain requests can find out. */
export class Diagnosis {
	readonly #page: Page;
	#isAsking = false;
	/** Changes with the place, and with every connection. */
	#subject = {};
	/** Attempts in a row that failed though the server would have let them in. One may have met a server that was starting. */
	#unexplained = 0;
	/** The console has been told that something is in the way. */
	#isTold = false;

	constructor(page: Page) {
		this.#page = page;
	}

	/** What was found out, and is being asked, does not matter any more: it is open, or elsewhere. */
	forget(): void {
		this.#subject = {};
		this.#unexplained = 0;
		this.#isAsking = false;
	}

	/** The end of an attempt, with what is known of those before it. */
	explain(end: AttemptEnd): AttemptEnd {
		const { url, wasOpen, cause } = end;
		return this.#isBlocked && url && !wasOpen && !cause ? { ...end, cause: blocked(url) } : end;
	}

	/** @returns undefined if it is being asked already, or does not matter any more */
	async ask(attempt: Tried): Promise<Finding | undefined> {
		if (this.#isAsking) return undefined;
		this.#isAsking = true;
		const subject = this.#subject;
		const answer = await probe(this.#page, attempt.url, attempt.protocols);
		if (subject !== this.#subject) return undefined;
		this.#isAsking = false;
		const refrain = answer ?? {};
		const error = answer?.isOurs ? explain(answer, attempt) : undefined;
		const isLetIn = answer?.isOurs && answer.status < 300 && !error;
		if (isLetIn) return { error: this.#letIn(attempt), refrain };
		this.#unexplained = 0;
		return { error, refrain };
	}

	/** Handshakes do not get through where plain requests do. */
	get #isBlocked(): boolean {
		return this.#unexplained > 1;
	}

	#letIn({ url }: Tried): ConnectionError | undefined {
		const wasBlocked = this.#isBlocked;
		this.#unexplained += 1;
		if (wasBlocked || !this.#isBlocked) return undefined;
		const error = blocked(url);
		if (!this.#isTold) console.error(error.message);
		this.#isTold = true;
		return error;
	}
}

/** Why the handshake has failed, if that is an answer to a request which asks. */
function explain(
	{ status, location, protocol }: Answer,
	{ url, protocols }: Tried
): ConnectionError | undefined {
	if (status >= 300 && status < 400) return redirected(status, url.href, location);
	if (isFinalStatus(status)) return refused(status, url);
	// An empty list offers none.
	const isUnspoken = status < 300 && protocols?.length && !protocol;
	return isUnspoken ? unspoken(protocols, url.href) : undefined;
}
