import { summarize, type Summary } from './statistics.ts';

/** What one round of one work has shown of one server. */
export interface Sample {
	round: number;
	/** Names. */
	subject: string;
	work: string;
	/** By the names of what is measured, which the work knows. */
	values: Record<string, number>;
}

/** One number of a server. */
export interface Cell {
	subject: string;
	work: string;
	value: string;
}

export function summarizeCell(samples: readonly Sample[], cell: Cell): Summary | undefined {
	return summarize([...valuesOf(samples, cell).values()]);
}

/**
 * Put two numbers of the same rounds in relation. What slows a machine down for a minute slows both, so it is each round
 * that is compared, and not the medians.
 */
export function relate(
	samples: readonly Sample[],
	cell: Cell,
	base: Cell,
	relation: (value: number, base: number) => number = (value, other) => value / other
): Summary | undefined {
	const bases = valuesOf(samples, base);
	const related: number[] = [];
	for (const [round, value] of valuesOf(samples, cell)) {
		const other = bases.get(round);
		if (other !== undefined) related.push(relation(value, other));
	}
	return summarize(related);
}

/** By round. */
function valuesOf(samples: readonly Sample[], { subject, work, value }: Cell): Map<number, number> {
	const values = new Map<number, number>();
	for (const sample of samples) {
		const found = sample.values[value];
		if (sample.subject === subject && sample.work === work && found !== undefined)
			values.set(sample.round, found);
	}
	return values;
}
