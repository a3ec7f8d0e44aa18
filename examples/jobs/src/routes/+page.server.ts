import { fail } from '@sveltejs/kit';
import * as v from 'valibot';
import { NewJob } from '#lib/job.ts';
import { startJob } from '#lib/server/jobs.ts';
import type { Actions } from './$types';

export const actions: Actions = {
	start: async ({ request }) => {
		const form = await request.formData();
		const sent = { name: text(form, 'name'), steps: text(form, 'steps'), pace: text(form, 'pace') };
		const asked = v.safeParse(NewJob, sent);
		if (!asked.success) {
			const [issue] = asked.issues;
			return fail(400, { ...sent, problem: issue.message, field: v.getDotPath(issue) });
		}
		const job = startJob(asked.output);
		if (!job) {
			const problem = 'Too many jobs are running. Cancel one first.';
			return fail(503, { ...sent, problem, field: null });
		}
		return { started: { id: job.id, name: job.name } };
	}
};

function text(form: FormData, name: string): string {
	const value = form.get(name);
	return typeof value === 'string' ? value : '';
}
