import process from 'node:process';
import type { Writable } from 'node:stream';

/**
 * Go on when nobody takes what the process prints: its reader is gone, or the disk is full. Without a listener the first
 * line that cannot be written ends the process.
 */
export function surviveLostOutput(
	streams: readonly Writable[] = [process.stdout, process.stderr]
): void {
	for (const stream of streams) {
		if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
	}
}

function ignore(): void {}
