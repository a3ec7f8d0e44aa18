import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { AdapterError, type ErrorCode } from '../shared/errors.ts';

/** What a start can fail for that is no fault of the app's code: the sentence says all there is to know. */
const expected: ErrorCode[] = [
	'bad_env',
	'bad_route',
	'bus_missing',
	'bun_missing',
	'listen_failed',
	'uws_missing',
	'websocket_export'
];

/**
 * Run as `node build` the process ends when its start fails, with one sentence where that is enough; a script that imports the
 * build gets the error.
 */
export async function endOnFailure<T>(dir: string, start: () => Promise<T>): Promise<T> {
	try {
		return await start();
	} catch (error) {
		const isExpected = error instanceof AdapterError && expected.includes(error.code);
		if (!isExpected || !isMain(dir)) throw error;
		console.error(error.message);
		process.exit(1);
	}
}

/** Whether the process was started as `node build`, by whichever of its names. */
function isMain(dir: string): boolean {
	const index = join(dir, 'index.js');
	try {
		const script = createRequire(index).resolve(process.argv[1] ?? '');
		return realpathSync(script) === realpathSync(index);
	} catch {
		return false;
	}
}
