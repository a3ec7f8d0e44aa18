import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, type Machine } from '../machine.ts';
import { measure } from '../measure.ts';
import { prepare } from '../prepare.ts';
import { noteFailure } from '../failure.ts';
import { summarizeCell, type Sample } from '../results.ts';
import { keep, tidy } from '../save.ts';
import { subjects } from '../subjects.ts';
import { formatTable, threeDigits } from '../table.ts';
import { curves, warmUp, worksOf, workName, type Curve } from './curves.ts';
import { drawChart } from './draw.ts';

/** As it is kept, so that it can be drawn anew. */
interface Growth {
	machine: Machine;
	samples: Sample[];
}

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '3' },
		/** Of each step in each round. */
		seconds: { type: 'string', default: '1.5' },
		/** Only the curve of this name, which is printed, and neither written nor drawn. */
		curve: { type: 'string' },
		/** Measure what was built before. */
		'no-build': { type: 'boolean', default: false },
		/** Draw what was written before. */
		from: { type: 'string' }
	}
});

const growth = values.from === undefined ? await measureAll() : await read(values.from);
console.log(await tidy(curves.map((curve) => formatCurve(curve)).join(''), 'markdown'));
if (values.curve === undefined) await drawAll();

async function read(path: string): Promise<Growth> {
	return JSON.parse(await readFile(path, 'utf8')) as Growth;
}

async function measureAll(): Promise<Growth> {
	await prepare(values['no-build'] ? 0 : 1);
	const pace = { seconds: Number(values.seconds), idle: 0, returning: 0 };
	const samples: Sample[] = [];
	const wanted = curves.filter(({ name }) => (values.curve ?? name) === name);
	for (let round = 1; round <= Number(values.rounds); round += 1) {
		for (const subject of subjects) {
			const own = wanted.filter((curve) => curve.subjects.includes(subject.name)).flatMap(worksOf);
			if (own.length === 0) continue;
			console.error(`round ${round}: ${subject.name}`);
			samples.push(
				...(await measure(subject, [warmUp, ...own], pace, round, noteFailure(subject)))
			);
		}
	}
	return { machine: describeMachine(), samples };
}

function formatCurve(curve: Curve): string {
	return formatTable(growth.samples, {
		title: `${curve.title}: us a ${curve.unit}`,
		rows: curve.steps.map((step) => ({
			label: `${step} ${curve.more}`,
			work: workName(curve, step),
			value: 'cpu',
			format: threeDigits
		})),
		columns: subjects
	});
}

async function drawAll(): Promise<void> {
	if (values.from === undefined)
		await keep({ json: await tidy(JSON.stringify(growth), 'json') }, '-growth');
	const folder = new URL('../../docs/growth/', import.meta.url);
	await mkdir(folder, { recursive: true });
	for (const curve of curves) {
		const file = new URL(`${curve.name}.svg`, folder);
		await writeFile(file, drawCurve(curve));
		console.error(`drawn in ${fileURLToPath(file)}`);
	}
}

function drawCurve(curve: Curve): string {
	const lines = subjects.map(({ name, title }) => ({
		name,
		title,
		points: curve.steps.flatMap((step) => {
			const cell = { subject: name, work: workName(curve, step), value: 'cpu' };
			const cpu = summarizeCell(growth.samples, cell)?.median ?? 0;
			return cpu > 0 ? [[step, cpu] as const] : [];
		})
	}));
	return drawChart({
		title: curve.title,
		x: curve.more,
		y: `microseconds of processor time a ${curve.unit}`,
		lines: lines.filter(({ points }) => points.length > 0)
	});
}
