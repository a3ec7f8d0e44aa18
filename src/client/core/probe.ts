import { probeHeader } from '../../shared/probe.ts';
import type { Page } from './page.ts';
import { toProbeUrl } from './url.ts';

/** Milliseconds. */
const timeout = 10_000;

/** Browsers hide why a handshake failed: ask with a plain request. */
export class Probe {
	readonly #page: Page;
	/** What is asked about now. */
	#url: URL | undefined;

	constructor(page: Page) {
		this.#page = page;
	}

	/** Unless there is a question already. `answered` is called with a status, if one is to be had. */
	async ask(url: URL, answered: (status: number) => void): Promise<void> {
		if (this.#url) return;
		this.#url = url;
		const options: RequestInit = {
			headers: { [probeHeader]: '1' },
			cache: 'no-store',
			credentials: 'include',
			redirect: 'manual',
			signal: AbortSignal.timeout(timeout)
		};
		const response = await this.#page.fetch(toProbeUrl(url), options).catch(() => undefined);
		if (this.#url !== url) return;
		this.#url = undefined;
		if (response) answered(response.status);
	}

	/** Nobody wants to know any more. */
	forget(): void {
		this.#url = undefined;
	}
}
