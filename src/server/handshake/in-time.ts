import type { Exchange } from '../engine/engine.ts';
import { Refusal } from './request.ts';

/**
 * What the app answers to a handshake. Where nobody waits any more it goes on without being heard.
 * @param seconds how long that may take
 * @param begin when they begin to count. Absent: at once
 * @param controller of the signal that the app has
 * @returns undefined once the client has left
 * @throws {Refusal} 504, once the signal was aborted
 */
export async function inTime(
	exchange: Exchange,
	seconds: number,
	begin: Promise<void> | undefined,
	controller: Pick<AbortController, 'abort'>,
	ask: () => Promise<Response>
): Promise<Response | undefined> {
	const end = Promise.withResolvers<Response | undefined>();
	exchange.onAbort(() => end.resolve(undefined));
	let timer: NodeJS.Timeout | undefined;
	let isOver = false;
	const start = () => {
		if (isOver) return;
		timer = setTimeout(() => {
			const late = new Refusal(504, 'The upgrade took too long');
			end.reject(late);
			controller.abort(late);
		}, seconds * 1000);
	};
	if (begin) void begin.then(start);
	else start();
	const answer = ask();
	answer.then(end.resolve, end.reject);
	let isHeard = false;
	try {
		const response = await end.promise;
		isHeard = !exchange.aborted;
		return isHeard ? response : undefined;
	} finally {
		isOver = true;
		clearTimeout(timer);
		if (!isHeard) void discard(answer);
	}
}

/** What streams its body has to be told that nobody reads it. */
async function discard(answer: Promise<Response>): Promise<void> {
	await answer.then((response) => response.body?.cancel()).catch(() => {});
}
