import process from 'node:process';
import type { Log } from './log.ts';

/**
 * A stream of the app is closed when its client leaves. What writes into it later throws in the app's own timer, where nobody
 * catches it, and that ends the process, as with adapter-node. It still does: whoever catches the error on purpose relies on
 * it. But the log says what has happened, which the error does not.
 */
export function explainLateWrites(log: Log): void {
	process.on('uncaughtExceptionMonitor', (error) => {
		if (!isLateWrite(error)) return;
		log.warn(
			'The app has written into a stream that was closed, because its client has left',
			undefined,
			'Give the stream a cancel() that stops what writes: see docs/deploying.md.'
		);
	});
}

/** Never throws. */
function isLateWrite(error: unknown): boolean {
	try {
		const { code, message } = error as NodeJS.ErrnoException;
		return (
			code === 'ERR_INVALID_STATE' && /(controller|readablestream) is already closed/i.test(message)
		);
	} catch {
		return false;
	}
}
