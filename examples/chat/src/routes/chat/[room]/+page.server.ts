import { error, fail, redirect } from '@sveltejs/kit';
import { websockets } from 'svelte-adapter-ws/server';
import * as v from 'valibot';
import { MAX_TEXT_LENGTH, Text, type Entry } from '#lib/protocol.ts';
import { ANNOUNCEMENTS, isRoom } from '#lib/rooms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) => {
	if (!isRoom(params.room)) error(404, 'There is no such room');
	if (!locals.user) redirect(303, `/?room=${params.room}`);
	return { user: locals.user, room: params.room };
};

export const actions: Actions = {
	announce: async ({ locals, params, request }) => {
		if (!locals.user) redirect(303, isRoom(params.room) ? `/?room=${params.room}` : '/');
		const form = await request.formData();
		const { success, output: text } = v.safeParse(Text, form.get('text'));
		if (!success) {
			return fail(400, { problem: `An announcement has 1 to ${MAX_TEXT_LENGTH} characters.` });
		}
		const announcement: Entry = {
			type: 'announcement',
			from: locals.user.name,
			text,
			at: Date.now()
		};
		websockets.publish(ANNOUNCEMENTS, announcement);
	}
};
