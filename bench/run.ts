import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { noteFailure } from './failure.ts';
import { describeMachine } from './machine.ts';
import { measure } from './measure.ts';
import { prepare } from './prepare.ts';
import { formatRun, type Run } from './report.ts';
import { keep, putInDocs, tidy } from './save.ts';
import { subjects, withContextFrame } from './subjects.ts';
import { works } from './works.ts';

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '5' },
		/** Of each work in each round. */
		seconds: { type: 'string', default: '2' },
		/** Only works whose name has this in it; several with semicolons. */
		work: { type: 'string', default: '' },
		/** Only subjects whose name has this in it; several with commas. */
		subject: { type: 'string', default: '' },
		/** Sockets that are weighed while they are idle. */
		idle: { type: 'string', default: '10000' },
		/** Sockets that come back at once. */
		returning: { type: 'string', default: '5000' },
		/** Measure what was built before. */
		'no-build': { type: 'boolean', default: false },
		/** What runs on Node once more with `--experimental-async-context-frame`. */
		'async-context-frame': { type: 'boolean', default: false },
		/** Write the results to bench/results and docs/performance.md. Measures with that flag, too. */
		save: { type: 'boolean', default: false },
		/** Print the tables of a run that was written before. */
		from: { type: 'string' }
	}
});

const result = values.from === undefined ? await measureAll() : await readRun(values.from);
const report = await tidy(formatRun(result), 'markdown');
console.log(report);
if (values.save) {
	await keep({ md: report });
	await putInDocs(report);
}

async function readRun(path: string): Promise<Run> {
	return JSON.parse(await readFile(path, 'utf8')) as Run;
}

async function measureAll(): Promise<Run> {
	const run: Run = {
		machine: describeMachine(),
		rounds: 0,
		seconds: Number(values.seconds),
		idle: Number(values.idle),
		returning: Number(values.returning),
		samples: []
	};
	const asked = chosen(subjects, values.subject, ',');
	const isTwice = values.save || values['async-context-frame'];
	const servers = isTwice ? [...asked, ...withContextFrame(asked)] : asked;
	const wanted = chosen(works, values.work, ';');
	const rounds = Number(values.rounds);
	const builds = values['no-build'] ? 0 : values.save ? rounds : 1;
	run.samples.push(...(await prepare(builds)));
	// One after the other in each round, so that what slows the machine down for a while slows all of them.
	for (let round = 1; round <= rounds; round += 1) {
		for (const subject of servers) {
			console.error(`round ${round}: ${subject.name}`);
			run.samples.push(...(await measure(subject, wanted, run, round, noteFailure(subject))));
		}
		run.rounds = round;
		// of a run that is ended early the rounds before are kept
		if (values.save) await keep({ json: await tidy(JSON.stringify(run), 'json') });
	}
	return run;
}

function chosen<T extends { name: string }>(all: readonly T[], text: string, by: string): T[] {
	const parts = text.split(by).map((part) => part.trim());
	return all.filter(({ name }) => parts.some((part) => name.includes(part)));
}
