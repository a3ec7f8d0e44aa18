/** The middle one; of two in the middle the mean. Not a number where there is none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	const upper = sorted[Math.floor(middle)] ?? Number.NaN;
	if (!Number.isInteger(middle)) return upper;
	return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A median, and how far apart the rounds were that it comes from. */
export interface Summary {
	median: number;
	lowest: number;
	highest: number;
}

/** @returns undefined for no values */
export function summarize(values: readonly number[]): Summary | undefined {
	if (values.length === 0) return undefined;
	return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/** Whether the rounds differ by more than a fifth of their median, so that another run may tell something else. */
export function isWide({ median: middle, lowest, highest }: Summary): boolean {
	return highest - lowest > Math.abs(middle) / 5;
}
