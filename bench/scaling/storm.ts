import { delayBefore } from '../../src/client/core/retry.ts';

/** All times are seconds. */
export interface Storm {
	/** How many have lost their socket at the same moment. */
	clients: number;
	/** How long nobody is there to answer them. */
	away: number;
	/** Handshakes that are answered in a second afterwards. */
	capacity: number;
	/** Milliseconds before the next attempt of a client that has tried so often since its socket was lost. */
	delay(attempt: number): number;
}

export interface StormCourse {
	/** Attempts that come within each tenth of a second. */
	attempts: number[];
	/** When so many of a hundred are back. */
	backAt(percent: number): number;
	/** Attempts that found nobody, or waited too long. */
	failed: number;
	/** The most attempts within a tenth of a second. */
	peak: number;
}

/** What a client waits for one attempt, as in `src/client/core/transport.ts`. */
const patience = 12;

const steps = 10;

/** The delays of the client as it is. */
export function clientDelay(interval = 1000): Storm['delay'] {
	return (attempt) => delayBefore(attempt, interval);
}

/** The same without chance: what thousands of clients must not do. */
export function steadyDelay(interval = 1000): Storm['delay'] {
	return (attempt) => Math.min(interval * 1.6 ** (attempt - 1), 30_000);
}

/** What a server sees of clients that come back: one after the other is answered, as fast as it can. */
export function simulate({ clients, away, capacity, delay }: Storm): StormCourse {
	const attempts: number[] = [];
	const back: number[] = [];
	let failed = 0;
	let freeAt = away;
	// A heap would be quicker; sorted by tenths of a second it is quick enough, and simpler.
	const due: { at: number; attempt: number }[][] = [];
	const plan = (at: number, attempt: number) => {
		const next = at + delay(attempt) / 1000;
		(due[Math.floor(next * steps)] ??= []).push({ at: next, attempt });
	};
	for (let client = 0; client < clients; client += 1) plan(0, 1);
	for (let step = 0; step < due.length; step += 1) {
		const now = (due[step] ?? []).sort((one, another) => one.at - another.at);
		attempts[step] = now.length;
		for (const { at, attempt } of now) {
			const done = Math.max(at, freeAt) + 1 / capacity;
			if (at >= away && done - at <= patience) {
				freeAt = done;
				back.push(done);
				continue;
			}
			failed += 1;
			plan(at >= away ? at + patience : at, attempt + 1);
		}
	}
	back.sort((one, another) => one - another);
	return {
		attempts,
		failed,
		backAt: (percent) => back[Math.ceil((clients * percent) / 100) - 1] ?? Infinity,
		peak: Math.max(...attempts)
	};
}
