import { probeHeader } from '../../shared/probe.ts';
import type { Page } from './page.ts';
import { toProbeUrl } from './url.ts';

/** Milliseconds. */
const timeout = 10_000;

/**
 * Browsers hide why a handshake failed: ask with a plain request.
 * @param protocols those that the handshake has offered
 * @returns the status; undefined if there is none of a server that knows what a probe is
 */
export async function probe(
	page: Page,
	url: URL,
	protocols: string | string[] | null | undefined
): Promise<number | undefined> {
	try {
		const { headers, status } = await page.fetch(toProbeUrl(url), {
			// A request cannot have the header of a handshake.
			headers: { [probeHeader]: protocols ? `1,${protocols}` : '1' },
			cache: 'no-store',
			credentials: 'include',
			redirect: 'manual',
			signal: AbortSignal.timeout(timeout)
		});
		return headers.has(probeHeader) ? status : undefined;
	} catch {
		return undefined;
	}
}
