import process from 'node:process';
import type { Subject } from './subjects.ts';
import type { Work } from './works.ts';

/** One work that fails is missing in the table, and lets the run end as failed, but does not end it. */
export function noteFailure({ name }: Subject): (work: Work, error: unknown) => void {
	return (work, error) => {
		process.exitCode = 1;
		console.error(`${name} has failed at ${work.name}:`, error);
	};
}
