import type { Machine } from './machine.ts';
import { relate, type Sample } from './results.ts';
import { contextFrameName, subjects, withContextFrame } from './subjects.ts';
import { formatTable, section, threeDigits, twoDigits, type Column, type Row } from './table.ts';
import { formatTargets } from './targets.ts';
import {
	avalanche,
	building,
	idle,
	messages,
	requests,
	start,
	type RepeatedWork
} from './works.ts';

/** One run of the bench, as it is kept. */
export interface Run {
	machine: Machine;
	rounds: number;
	/** Of each work in each round. */
	seconds: number;
	/** Sockets. */
	idle: number;
	/** Sockets. */
	returning: number;
	samples: Sample[];
}

const thousands = (value: number) => threeDigits(value / 1000);

const costs = (works: readonly RepeatedWork[]) =>
	works.map(({ name, unit }): Row => ({
		label: `${name}, us a ${unit}`,
		work: name,
		value: 'cpu',
		format: threeDigits
	}));

const rates = (works: readonly RepeatedWork[]) =>
	works.map(({ name, unit }): Row => ({
		label: `${name}, thousand ${unit === 'delivery' ? 'deliveries' : `${unit}s`}`,
		work: name,
		value: 'rate',
		format: thousands
	}));

/** @returns markdown, all that is to be read of a run */
export function formatRun(run: Run): string {
	const { samples } = run;
	const columns = subjects.filter(({ name }) => samples.some(({ subject }) => subject === name));
	return [
		describe(run),
		formatTargets(samples),
		formatTable(samples, {
			title: 'Requests: processor time, and as a multiple of adapter-node 6',
			rows: costs(requests),
			columns,
			base: 'adapter-node'
		}),
		formatTable(samples, { title: 'Requests a second', rows: rates(requests), columns }),
		formatTable(samples, {
			title: 'Sockets: processor time, and as a multiple of uWebSockets.js alone',
			rows: costs(messages),
			columns,
			base: 'raw-uws'
		}),
		formatTable(samples, { title: 'Messages a second', rows: rates(messages), columns }),
		formatTable(samples, { title: 'Crowds, start and build', rows: otherRows(run), columns }),
		formatContextFrame(samples)
	].join('');
}

function describe({ machine, rounds, seconds }: Run): string {
	const versions = Object.entries(machine.versions).map((each) => each.join(' '));
	return (
		`# What requests and messages cost\n\n${machine.date}, ${machine.processor}, ${versions.join(', ')}. ` +
		`Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${seconds} seconds. Processor time is what the server alone has used, in microseconds. ` +
		'Where rounds were far apart, the lowest and the highest follow a comma.\n\n'
	);
}

function otherRows({ idle: idleCount, returning }: Run): Row[] {
	const ofReturn = (label: string, value: string): Row => ({
		label: `${returning} sockets come back: ${label}`,
		work: avalanche.name,
		value,
		format: threeDigits
	});
	return [
		{
			label: `one of ${idleCount} idle sockets, KB`,
			work: idle.name,
			value: 'bytes',
			format: (bytes) => threeDigits(bytes / 1024)
		},
		ofReturn('ms until the last is open', 'open'),
		ofReturn('ms that a request waits meanwhile', 'median'),
		ofReturn('ms that one waits longest', 'worst'),
		ofReturn('us of processor time a socket', 'cpu'),
		{ label: 'ms until it listens', work: start.name, value: 'start', format: threeDigits },
		{ label: 'seconds of a build', work: building, value: 'seconds', format: threeDigits }
	];
}

/** The apps on Node, once more with the flag, beside adapter-node with the flag and beside themselves without. */
function formatContextFrame(samples: readonly Sample[]): string {
	const columns = withContextFrame(subjects);
	const rows = [...costs(requests), ...costs(messages)];
	const costly = formatTable(samples, {
		title:
			'With `--experimental-async-context-frame`: processor time, and as a multiple of adapter-node 6 with it',
		rows,
		columns,
		base: contextFrameName('adapter-node')
	});
	if (costly === '') return '';
	const plain = subjects.filter(({ name }) =>
		columns.some((column) => column.name === contextFrameName(name))
	);
	return costly + formatSavings(samples, rows, plain);
}

function formatSavings(
	samples: readonly Sample[],
	rows: readonly Row[],
	columns: readonly Column[]
): string {
	const lines = rows.map(({ label, work, value }) => [
		label.replace(/, us .*/, ''),
		...columns.map(({ name: subject }) => {
			const cell = { work, value, subject };
			const flagged = { ...cell, subject: contextFrameName(subject) };
			return twoDigits(relate(samples, flagged, cell)?.median ?? Number.NaN).replace('NaN', '');
		})
	]);
	const shown = lines.filter((cells) => cells.slice(1).some((cell) => cell !== ''));
	if (shown.length === 0) return '';
	const head = ['', ...columns.map(({ title }) => title)];
	return section('With the flag, as a multiple of the same without', head, shown);
}
