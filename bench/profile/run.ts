import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { prepare } from '../prepare.ts';
import type { Run } from '../report.ts';
import { keep, tidy } from '../save.ts';
import { startServer } from '../server.ts';
import { subjects, type Subject } from '../subjects.ts';
import { section } from '../table.ts';
import { missed } from '../targets.ts';
import { works, type Work } from '../works.ts';
import { busiest, type CpuProfile } from './busiest.ts';

const { values } = parseArgs({
	options: {
		/** A run that `npm run bench -- --save` has written, for whose missed targets profiles are made. */
		from: { type: 'string' },
		/** Of each work, after a warm-up. */
		seconds: { type: 'string', default: '3' },
		/** Functions of each profile. */
		top: { type: 'string', default: '20' },
		/** Measure what was built before. */
		'no-build': { type: 'boolean', default: false }
	}
});

if (values.from === undefined) {
	console.error('Say which run: npm run bench:profile -- --from bench/results/2026-01-31.json');
	process.exit(1);
}
const { samples } = JSON.parse(await readFile(values.from, 'utf8')) as Run;
await prepare(values['no-build'] ? 0 : 1);
const pace = { seconds: Number(values.seconds), idle: 10_000, returning: 5000 };
const sections: string[] = [];
for (const [name, { subject, work }] of pairs()) {
	console.error(name);
	sections.push(await profile(subject, work));
}
const report = await tidy(`${describeMachine().processor}\n\n${sections.join('')}`, 'markdown');
console.log(report);
await keep({ md: report }, '-profiles');

/** Each server with each work that it costs too much; Bun writes no profiles. */
function pairs(): Map<string, { subject: Subject; work: Work }> {
	const found = new Map<string, { subject: Subject; work: Work }>();
	for (const target of missed(samples)) {
		const subject = subjects.find(({ name }) => name === target.subject);
		const work = works.find(({ name }) => name === target.work);
		if (subject?.runtime === 'node' && work)
			found.set(`${work.name}, ${subject.name}`, { subject, work });
	}
	return found;
}

async function profile(subject: Subject, work: Work): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'profile-'));
	try {
		const flags = [...subject.flags, '--cpu-prof', `--cpu-prof-dir=${folder}`];
		const server = await startServer({ ...subject, flags });
		await work.measure(server, pace);
		await server.end();
		const [file = ''] = await readdir(folder);
		const found = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
		const lines = busiest(found, Number(values.top)).map(({ name, share }) => [
			`\`${name}\``,
			`${(share * 100).toFixed(1)} %`
		]);
		return section(`${work.name}, ${subject.title}`, ['function', 'of the time'], lines);
	} finally {
		await rm(folder, { recursive: true });
	}
}
