import { fail, redirect } from '@sveltejs/kit';
import { MAX_NAME_LENGTH, parseName } from '#lib/names.ts';
import { DEFAULT_ROOM, isRoom } from '#lib/rooms.ts';
import type { Actions, PageServerLoad } from './$types';

// A name is no secret, and the example is also used over plain HTTP in a local network.
const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: false } as const;
const WEEK = 7 * 24 * 60 * 60;

export const load: PageServerLoad = ({ locals, url }) => {
	const room = url.searchParams.get('room');
	return { user: locals.user, room: isRoom(room) ? room : null };
};

export const actions: Actions = {
	enter: async ({ cookies, request }) => {
		const form = await request.formData();
		const name = parseName(form.get('name'));
		const room = form.get('room');
		if (!name) {
			return fail(400, {
				name: String(form.get('name') ?? ''),
				problem: `Please choose a name of 1 to ${MAX_NAME_LENGTH} visible characters.`
			});
		}
		cookies.set('name', name, { ...cookie, maxAge: WEEK });
		redirect(303, `/chat/${isRoom(room) ? room : DEFAULT_ROOM}`);
	},

	open: async ({ request }) => {
		const room = (await request.formData()).get('room');
		if (!isRoom(room)) {
			return fail(400, { problem: 'A room has 1 to 40 letters, digits, hyphens or underscores.' });
		}
		redirect(303, `/chat/${room}`);
	},

	leave: ({ cookies }) => {
		cookies.delete('name', cookie);
		redirect(303, '/');
	}
};
