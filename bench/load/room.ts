import { performance } from 'node:perf_hooks';

/** Milliseconds that all of a message may take to arrive. */
const patience = 20_000;

export interface Room {
	/** To be called with the length of whatever a member of the room receives. */
	receive(length: number): void;
	/** Say it, wait until everybody has it, and again, for so many seconds. @returns how often */
	repeat(seconds: number, say: () => unknown): Promise<number>;
}

/** @param expected bytes that the room receives, all together, whenever something was said */
export function untilDelivered(expected: number): Room {
	let missing = 0;
	let arrived = () => {};
	const everybody = () =>
		new Promise<void>((resolve, reject) => {
			const give = () => reject(new Error(`${missing} bytes of ${expected} have not arrived`));
			const late = setTimeout(give, patience);
			arrived = () => {
				clearTimeout(late);
				resolve();
			};
		});
	return {
		receive(length) {
			missing -= length;
			if (missing <= 0) arrived();
		},
		async repeat(seconds, say) {
			const end = performance.now() + seconds * 1000;
			let count = 0;
			while (performance.now() < end) {
				missing += expected;
				await Promise.all([everybody(), say()]);
				if (missing < 0) throw new Error(`${-missing} bytes more than ${expected} have arrived`);
				count += 1;
			}
			return count;
		}
	};
}
