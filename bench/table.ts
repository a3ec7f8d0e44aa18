import { median, type Measurement } from './measure.ts';
import { references, type Subject } from './subjects.ts';
import type { Work } from './works.ts';

/** Every measurement of every round, by work and subject. */
export type Results = Map<string, Map<string, Measurement[]>>;

/** A markdown table of what each server spends, beside its ratio to the reference. */
export function formatTable(
	results: Results,
	works: readonly Work[],
	subjects: readonly Subject[]
): string {
	const kinds = (['http', 'socket'] as const).filter((kind) =>
		works.some((work) => work.kind === kind)
	);
	return kinds
		.map((kind) => {
			const shown = subjects.filter((subject) => subject.kinds.includes(kind));
			const head = ['', ...shown.map(({ title }) => title)];
			const rows = works
				.filter((work) => work.kind === kind)
				.map((work) => [
					`${work.name}, us a ${work.unit}`,
					...shown.map(({ name }) => formatCell(results.get(work.name), name, references[kind]))
				]);
			return toMarkdown([head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]);
		})
		.join('\n');
}

function formatCell(
	measured: Map<string, Measurement[]> | undefined,
	name: string,
	reference: string
): string {
	const cpu = cpuOf(measured?.get(name));
	if (cpu === undefined) return '';
	const base = cpuOf(measured?.get(reference));
	const ratio = base === undefined ? '' : ` (${(cpu / base).toFixed(2)})`;
	return `${cpu.toFixed(1)}${ratio}`;
}

function cpuOf(measurements: readonly Measurement[] | undefined): number | undefined {
	return measurements && median(measurements.map(({ cpu }) => cpu));
}

function toMarkdown(rows: readonly (readonly string[])[]): string {
	return rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
}
