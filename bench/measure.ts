import { startServer } from './server.ts';
import type { Subject } from './subjects.ts';
import type { Work } from './works.ts';

export interface Measurement {
	/** Microseconds of the server's processor time for each. */
	cpu: number;
	/** How many a second. */
	rate: number;
}

/** One round of one server, which is started anew: each work after a warm-up. */
export async function measure(
	subject: Subject,
	works: readonly Work[],
	seconds: number
): Promise<Map<string, Measurement>> {
	const server = await startServer(subject);
	try {
		const measured = new Map<string, Measurement>();
		for (const work of works) {
			await work.run(server.port, Math.max(1, Math.round(seconds / 2)));
			const before = server.cpu();
			const count = await work.run(server.port, seconds);
			measured.set(work.name, { cpu: (server.cpu() - before) / count, rate: count / seconds });
		}
		return measured;
	} finally {
		await server.stop();
	}
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
