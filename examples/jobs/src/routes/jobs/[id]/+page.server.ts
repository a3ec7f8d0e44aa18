import { error } from '@sveltejs/kit';
import { websockets } from 'svelte-adapter-ws/server';
import * as v from 'valibot';
import { Command } from '#lib/job.ts';
import { cancelJob, findJob, linesOf, logTopic } from '#lib/server/jobs.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params }) => {
	const job = findJob(params.id);
	if (!job) error(404, 'There is no such job');
	return { job, lines: linesOf(job.id) };
};

const CommandText = v.pipe(v.string(), v.parseJson(), Command);

export const actions: Actions = {
	/** A URL for one socket. The page asks again whenever it needs another one. */
	watch: (event) => {
		const { id } = event.params;
		if (!findJob(id)) error(404, 'There is no such job');
		const url = websockets.use(event, {
			message(peer, message) {
				const command = v.safeParse(CommandText, message.text());
				if (!command.success) return peer.close(1008, 'That is no command');
				if (command.output.type === 'cancel') return cancelJob(id);
				for (const line of linesOf(id, command.output.after)) peer.send(line);
				peer.subscribe(logTopic(id));
			}
		});
		return { url };
	}
};
