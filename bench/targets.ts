import { relate, summarizeCell, type Cell, type Sample } from './results.ts';
import type { Summary } from './statistics.ts';
import { subjects } from './subjects.ts';
import { section, threeDigits, twoDigits } from './table.ts';

/** What a server may cost at most, beside another one in the same rounds, or by itself. */
export interface Target {
	work: string;
	value: string;
	subject: string;
	/** Absent where it is not compared. */
	base?: string;
	/** Another work of the same server that it is compared with. */
	baseWork?: string;
	/** The quotient of both, the bytes that the first has more, or milliseconds. */
	kind: 'ratio' | 'more bytes' | 'ms';
	most: number;
}

const ratio = (work: string, subject: string, base: string, most: number): Target => ({
	work,
	value: 'cpu',
	subject,
	base,
	kind: 'ratio',
	most
});

const idle = (subject: string, base: string): Target => ({
	work: 'idle sockets',
	value: 'bytes',
	subject,
	base,
	kind: 'more bytes',
	most: 2.5 * 1024
});

/** What a topic costs that remembers, beside one that does not. */
const memory = (work: string, subject: string): Target => ({
	...ratio(work, subject, subject, 1.3),
	baseWork: 'broadcast to 1,000'
});

const broadcasts = ['broadcast to 1,000', 'broadcast to 1,000, ten a turn'];
const dynamic = [
	'small endpoint',
	'JSON POST of 2 KB',
	'page, 20 items',
	'page, 1,000 items',
	'streamed page',
	'404 page'
];

export const targets: readonly Target[] = [
	ratio('small endpoint', 'uws', 'adapter-node', 0.25),
	ratio('JSON POST of 2 KB', 'uws', 'adapter-node', 0.35),
	ratio('page, 20 items', 'uws', 'adapter-node', 0.6),
	ratio('20 KB file', 'uws', 'adapter-node', 0.08),
	ratio('20 KB file', 'uws', 'raw-uws', 1.5),
	ratio('prerendered page', 'uws', 'adapter-node', 0.07),
	ratio('404 page', 'uws', 'adapter-node', 0.6),
	ratio('20 KB file', 'node', 'adapter-node', 0.3),
	ratio('prerendered page', 'node', 'adapter-node', 0.3),
	...dynamic.map((work) => ratio(work, 'node', 'adapter-node', 0.8)),
	ratio('small endpoint', 'bun', 'adapter-node', 0.18),
	ratio('page, 20 items', 'bun', 'adapter-node', 0.35),
	ratio('20 KB file', 'bun', 'adapter-node', 0.07),
	ratio('prerendered page', 'bun', 'adapter-node', 0.07),
	ratio('handshakes', 'uws', 'raw-ws', 1),
	...['echo of 100 bytes', ...broadcasts].map((work) => ratio(work, 'uws', 'raw-uws', 1.05)),
	...['echo of 100 bytes', ...broadcasts].map((work) => ratio(work, 'node', 'raw-ws', 1.1)),
	ratio('echo of 100 bytes', 'bun', 'raw-uws', 1.2),
	...['uws', 'node', 'bun'].flatMap((subject) => [
		memory('broadcast to 1,000, remembered', subject),
		memory('the same, plain clients', subject)
	]),
	idle('uws', 'raw-uws'),
	idle('node', 'raw-ws'),
	...['uws', 'bun', 'node'].map((subject): Target => ({
		work: 'avalanche',
		value: 'median',
		subject,
		kind: 'ms',
		most: 250
	}))
];

/** How a target is said, and whether it is met. */
const kinds: Record<Target['kind'], { label: string; format(value: number): string }> = {
	ratio: { label: '', format: twoDigits },
	'more bytes': {
		label: ', KB a socket more',
		format: (bytes) => threeDigits(bytes / 1024)
	},
	ms: { label: ', ms that a request waits', format: threeDigits }
};

/** The targets that a run has measured and not met. */
export function missed(samples: readonly Sample[]): Target[] {
	return targets.filter((target) => {
		const summary = measured(samples, target);
		return summary !== undefined && !isMet(target, summary);
	});
}

/** @returns markdown: what was measured of the targets, or nothing */
export function formatTargets(samples: readonly Sample[]): string {
	const lines = targets.flatMap((target) => {
		const summary = measured(samples, target);
		return summary ? [formatLine(target, summary)] : [];
	});
	if (lines.length === 0) return '';
	const head = ['', 'of', 'beside', 'median', 'lowest to highest', 'at most', 'met'];
	return section('Against the targets', head, lines);
}

function formatLine(target: Target, summary: Summary): string[] {
	const { median, lowest, highest } = summary;
	const { label, format } = kinds[target.kind];
	return [
		`${target.work}${label}`,
		titleOf(target.subject),
		target.baseWork ?? (target.base === undefined ? '' : titleOf(target.base)),
		format(median),
		lowest === highest ? '' : `${format(lowest)} to ${format(highest)}`,
		format(target.most),
		isMet(target, summary) ? 'yes' : '**no**'
	];
}

function isMet({ most }: Target, { median }: Summary): boolean {
	return median <= most;
}

function measured(
	samples: readonly Sample[],
	{ work, value, subject, base, baseWork = work, kind }: Target
): Summary | undefined {
	const cell: Cell = { work, value, subject };
	if (base === undefined) return summarizeCell(samples, cell);
	const relation = kind === 'ratio' ? undefined : (own: number, other: number) => own - other;
	return relate(samples, cell, { ...cell, work: baseWork, subject: base }, relation);
}

function titleOf(name: string): string {
	return subjects.find((subject) => subject.name === name)?.title ?? name;
}
