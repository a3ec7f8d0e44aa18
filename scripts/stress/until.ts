import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const interval = 50;
const usual = 20_000;

/** Look again and again. @returns whether it was so in time */
export async function until(
	isSo: () => boolean | Promise<boolean>,
	milliseconds = usual
): Promise<boolean> {
	const end = performance.now() + milliseconds;
	while (performance.now() < end) {
		if (await isSo()) return true;
		await sleep(interval);
	}
	return isSo();
}
