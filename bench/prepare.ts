import process from 'node:process';
import { buildApp } from './build.ts';
import { explainMachine, stayOnLoadCore } from './machine.ts';
import type { Sample } from './results.ts';

/**
 * What comes before measuring. Ends the process where nothing can be measured.
 * @param builds how often the app is built with both adapters
 * @returns how long that took
 */
export async function prepare(builds: number): Promise<Sample[]> {
	const reason = explainMachine();
	if (reason !== undefined) {
		console.error(reason);
		process.exit(1);
	}
	const samples = await buildApp(builds);
	stayOnLoadCore();
	return samples;
}
