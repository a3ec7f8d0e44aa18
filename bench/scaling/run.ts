import { mkdir, readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noteFailure } from '../failure.ts';
import { drawChart } from '../growth/draw.ts';
import { describeMachine } from '../machine.ts';
import { measure } from '../measure.ts';
import { prepare } from '../prepare.ts';
import { keep, putInDocs, tidy } from '../save.ts';
import { measureBrokers, single } from './parts.ts';
import {
	capacityOf,
	formatScaling,
	simulateSteady,
	simulateStorms,
	type Scaling
} from './report.ts';
import type { StormCourse } from './storm.ts';

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '3' },
		/** Of each part in each round. */
		seconds: { type: 'string', default: '2' },
		/** Sockets that are weighed while they are idle. */
		idle: { type: 'string', default: '10000' },
		/** Measure what was built before. */
		'no-build': { type: 'boolean', default: false },
		/** Write the results to bench/results and docs/scaling.md, and draw the storm. */
		save: { type: 'boolean', default: false },
		/** Print, and with --save write, what a run that was saved has measured. */
		from: { type: 'string' }
	}
});

const run = values.from === undefined ? await measureAll() : await read(values.from);
const report = await tidy(formatScaling(run), 'markdown');
console.log(report);
if (values.save) {
	const json = await tidy(JSON.stringify(run), 'json');
	await keep({ md: report, json }, '-scaling');
	await putInDocs(report, 'scaling.md', 'npm run bench:scaling -- --save');
	await drawStorm(capacityOf(run.samples));
}
// Connections that fetch keeps do not.
process.exit();

async function read(path: string): Promise<Scaling> {
	return JSON.parse(await readFile(path, 'utf8')) as Scaling;
}

async function measureAll(): Promise<Scaling> {
	await prepare(values['no-build'] ? 0 : 1);
	const pace = { seconds: Number(values.seconds), idle: Number(values.idle), returning: 0 };
	const rounds = Number(values.rounds);
	const scaling: Scaling = { machine: describeMachine(), rounds, ...pace, samples: [] };
	for (let round = 1; round <= rounds; round += 1) {
		for (const subject of single.subjects) {
			console.error(`round ${round}: ${subject.name}`);
			scaling.samples.push(
				...(await measure(subject, single.works, pace, round, noteFailure(subject)))
			);
		}
		console.error(`round ${round}: brokers`);
		scaling.samples.push(...(await measureBrokers(round, pace.seconds)));
	}
	return scaling;
}

async function drawStorm(capacity: number): Promise<void> {
	const folder = new URL('../../docs/growth/', import.meta.url);
	await mkdir(folder, { recursive: true });
	const lines = simulateStorms(capacity).map(({ away, course }) => ({
		name: `away-${away}`,
		title: `away for ${away} s`,
		points: pointsOf(course)
	}));
	const steady = {
		name: 'steady',
		title: '5 s, no chance',
		points: pointsOf(simulateSteady(capacity))
	};
	const file = new URL('storm.svg', folder);
	const chart = {
		title: '100,000 clients have lost their server, and come back',
		x: 'seconds',
		y: 'attempts in a second',
		isLinear: true,
		lines: [...lines, steady]
	};
	await writeFile(file, drawChart(chart));
	console.error(`drawn in ${fileURLToPath(file)}`);
}

/** By the second, without those in which nothing comes. */
function pointsOf({ attempts }: StormCourse): [x: number, y: number][] {
	const seconds: number[] = [];
	attempts.forEach((count, tenth) => {
		const second = Math.floor(tenth / 10);
		seconds[second] = (seconds[second] ?? 0) + count;
	});
	return seconds.flatMap((count, second): [number, number][] =>
		count > 0 ? [[second, count]] : []
	);
}
