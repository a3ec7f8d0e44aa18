import { randomUUID } from 'node:crypto';
import { websockets } from 'svelte-adapter-ws/server';
import { PACES, type Job, type LogLine, type NewJob } from '#lib/job.ts';

/** The topic that hears whenever something about any job has changed. */
export const JOBS = 'jobs';

const MAX_RUNNING = 10;
const MAX_KEPT = 50;

const WORK = ['Fetch', 'Check', 'Compile', 'Link', 'Compress', 'Upload'];

interface Run {
	/** Replaced when something changes, so whoever holds it has it as it was. */
	job: Job;
	lines: LogLine[];
	startedAt: number;
	timer: ReturnType<typeof setInterval>;
}

// The oldest first. It knows this process only, and goes with it.
const runs = new Map<string, Run>();

/** Every job, the newest first. */
export function listJobs(): Job[] {
	return [...runs.values()].map(({ job }) => job).toReversed();
}

export function findJob(id: string): Job | undefined {
	return runs.get(id)?.job;
}

export function logTopic(id: string): `log:${string}` {
	return `log:${id}`;
}

/** What the log of a job says after the line of this number. */
export function linesOf(id: string, after = 0): LogLine[] {
	return runs.get(id)?.lines.slice(after) ?? [];
}

/** `null` where too many are running. */
export function startJob({ name, steps, pace }: NewJob): Job | null {
	const finished = [...runs.values()].filter(({ job }) => job.state !== 'running');
	if (runs.size - finished.length >= MAX_RUNNING) return null;
	const [oldest] = finished;
	if (runs.size >= MAX_KEPT && oldest) runs.delete(oldest.job.id);

	const run: Run = {
		job: { id: randomUUID().slice(0, 8), name, steps, done: 0, state: 'running' },
		lines: [],
		startedAt: Date.now(),
		// A job that is running does not keep a server from ending.
		timer: setInterval(() => step(run), PACES[pace]).unref()
	};
	runs.set(run.job.id, run);
	report(run, `Start ${name}`, {});
	return run.job;
}

export function cancelJob(id: string): void {
	const run = runs.get(id);
	if (run?.job.state !== 'running') return;
	clearInterval(run.timer);
	report(run, 'Cancelled', { state: 'cancelled' });
}

function step(run: Run): void {
	const { steps } = run.job;
	const done = run.job.done + 1;
	report(run, `${WORK[(done - 1) % WORK.length]} part ${done} of ${steps}`, { done });
	if (done < steps) return;
	clearInterval(run.timer);
	report(run, 'Done', { state: 'done' });
}

/** Write a line into the log, and tell those who follow it, and those who look at the list. */
function report(run: Run, text: string, change: Partial<Job>): void {
	run.job = { ...run.job, ...change };
	const { id, done, state } = run.job;
	const number = run.lines.length + 1;
	const line: LogLine = { number, at: Date.now() - run.startedAt, text, done, state };
	run.lines.push(line);
	websockets.publish(logTopic(id), line);
	websockets.publish(JOBS, id);
}
