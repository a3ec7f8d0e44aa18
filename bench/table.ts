import { relate, summarizeCell, type Sample } from './results.ts';
import { isWide, type Summary } from './statistics.ts';

export interface Column {
	/** Of the subject. */
	name: string;
	title: string;
}

export interface Row {
	label: string;
	work: string;
	/** Which of its values. */
	value: string;
	format(value: number): string;
}

/** Servers side by side. */
export interface Table {
	title: string;
	rows: readonly Row[];
	columns: readonly Column[];
	/** The subject whose multiple is shown in parentheses. */
	base?: string;
}

/** @returns markdown; without the rows and columns that nothing was measured for, and nothing at all if none is left */
export function formatTable(samples: readonly Sample[], table: Table): string {
	const has = (row: Row, column: Column) => formatCell(samples, row, column) !== '';
	const columns = table.columns.filter((column) => table.rows.some((row) => has(row, column)));
	const rows = table.rows.filter((row) => columns.some((column) => has(row, column)));
	if (rows.length === 0) return '';
	const lines = rows.map((row) => [
		row.label,
		...columns.map((column) => formatCell(samples, row, column, table.base))
	]);
	return section(table.title, ['', ...columns.map(({ title }) => title)], lines);
}

/** A heading and a table whose first column is words and whose others are numbers. */
export function section(
	title: string,
	head: readonly string[],
	lines: readonly (readonly string[])[]
): string {
	const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
	const rows = [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`);
	return `## ${title}\n\n${rows.join('')}\n`;
}

function formatCell(
	samples: readonly Sample[],
	{ work, value, format }: Row,
	{ name: subject }: Column,
	base?: string
): string {
	const cell = { subject, work, value };
	const summary = summarizeCell(samples, cell);
	if (summary === undefined) return '';
	const ratio = base && relate(samples, cell, { ...cell, subject: base });
	if (ratio) return `${format(summary.median)} (${formatRatio(ratio)})`;
	return `${format(summary.median)}${base === undefined ? formatSpread(summary, format) : ''}`;
}

/** With the lowest and the highest where the rounds were far apart. */
function formatRatio(ratio: Summary): string {
	return `${twoDigits(ratio.median)}${formatSpread(ratio, twoDigits)}`;
}

function formatSpread(summary: Summary, format: (value: number) => string): string {
	if (!isWide(summary)) return '';
	return `, ${format(summary.lowest)} to ${format(summary.highest)}`;
}

export function twoDigits(value: number): string {
	return value.toFixed(2);
}

/** Three digits that count. */
export function threeDigits(value: number): string {
	return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
