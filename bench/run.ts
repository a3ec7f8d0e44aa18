import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApp } from './build.ts';
import { measure, type Measurement } from './measure.ts';
import { explainMachine } from './server.ts';
import { subjects, type Subject } from './subjects.ts';
import { formatTable, type Results } from './table.ts';
import { works, type Work } from './works.ts';

const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '5' },
		seconds: { type: 'string', default: '5' },
		/** Only works whose name has this in it. */
		work: { type: 'string', default: '' },
		/** Only subjects whose name has this in it; several with commas. */
		subject: { type: 'string', default: '' },
		/** Measure what was built before. */
		'no-build': { type: 'boolean', default: false },
		/** Write the table to bench/results. */
		save: { type: 'boolean', default: false }
	}
});

const reason = explainMachine();
if (reason !== undefined) {
	console.error(reason);
	process.exit(1);
}
if (!values['no-build']) await buildApp();

const names = values.subject.split(',');
const chosen = {
	subjects: subjects.filter(({ name }) => names.some((each) => name.includes(each))),
	works: works.filter(({ name }) => name.includes(values.work))
};
const results: Results = new Map();
for (let round = 1; round <= Number(values.rounds); round += 1) {
	for (const subject of chosen.subjects) {
		const able = chosen.works.filter(({ kind }) => subject.kinds.includes(kind));
		console.error(`round ${round}: ${subject.title}`);
		note(results, subject, await measure(subject, able, Number(values.seconds)));
	}
}
const report = `${describeRun()}\n\n${formatTable(results, chosen.works, chosen.subjects)}`;
console.log(report);
if (values.save) await save(report);

function note(all: Results, subject: Subject, measured: Map<Work['name'], Measurement>): void {
	for (const [work, measurement] of measured) {
		const bySubject = all.get(work) ?? new Map<string, Measurement[]>();
		all.set(work, bySubject);
		bySubject.set(subject.name, [...(bySubject.get(subject.name) ?? []), measurement]);
	}
}

function describeRun(): string {
	const date = new Date().toISOString().slice(0, 10);
	const bun = execFileSync(subjectBun(), ['--version'], { encoding: 'utf8' }).trim();
	const { rounds, seconds } = values;
	return (
		`${date}, ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.versions.node}, Bun ${bun}: ` +
		`processor time of the server, medians of ${rounds} rounds of ${seconds} seconds. In parentheses: as a multiple of ` +
		'adapter-node 6 on Node, or, for sockets, of uWebSockets.js alone.'
	);
}

function subjectBun(): string {
	return fileURLToPath(new URL('../node_modules/.bin/bun', import.meta.url));
}

async function save(text: string): Promise<void> {
	const folder = new URL('results/', import.meta.url);
	await mkdir(folder, { recursive: true });
	const file = new URL(`${new Date().toISOString().slice(0, 10)}.md`, folder);
	await writeFile(file, `${text}`);
	console.error(`written to ${fileURLToPath(file)}`);
}
