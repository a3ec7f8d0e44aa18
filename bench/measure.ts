import type { Sample } from './results.ts';
import { startServer } from './server.ts';
import type { Subject } from './subjects.ts';
import type { Pace, Work } from './works.ts';

/**
 * One round of one server, which is started anew, and once more for each work that wants it fresh. A work that fails has no
 * sample, and is told of.
 */
export async function measure(
	subject: Subject,
	works: readonly Work[],
	pace: Pace,
	round: number,
	onFailure: (work: Work, error: unknown) => void
): Promise<Sample[]> {
	const able = works.filter(({ needs }) => subject.can.includes(needs));
	const together = able.filter(({ isFresh }) => !isFresh);
	const groups = [...able.filter(({ isFresh }) => isFresh).map((work) => [work]), together];
	const samples: Sample[] = [];
	const note = (work: Work) => (error: unknown) => {
		onFailure(work, error);
	};
	for (const group of groups.filter(({ length }) => length > 0)) {
		const server = await startServer(subject).catch((error: unknown) => {
			for (const work of group) note(work)(error);
		});
		if (!server) continue;
		for (const work of group) {
			const values = await work.measure(server, pace).catch(note(work));
			if (values) samples.push({ round, subject: subject.name, work: work.name, values });
		}
		await server.stop();
	}
	return samples;
}
