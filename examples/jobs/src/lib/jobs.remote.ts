import { getRequestEvent, query } from '$app/server';
import { websockets } from 'svelte-adapter-ws/server';
import { JOBS, listJobs } from '#lib/server/jobs.ts';

/** The jobs as they are now, and again whenever one of them has changed. */
export const watchJobs = query.live(async function* () {
	const { signal } = getRequestEvent().request;
	// Before the first look: nothing that happens after it is missed.
	const changes = websockets.subscribe(JOBS, { signal });
	try {
		yield listJobs();
		for await (const _ of changes) yield listJobs();
	} finally {
		// A page that is rendered takes the first list and leaves: its signal says nothing, and the loop was never begun.
		await changes.return();
	}
});
