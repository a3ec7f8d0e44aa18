import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({ name: locals.user?.name ?? '' });

export const actions: Actions = {
	default: async ({ cookies, request }) => {
		const form = await request.formData();
		const name = String(form.get('name') ?? '').trim();
		const room = String(form.get('room') ?? '').trim();
		if (name === '' || !/^[\w-]{1,40}$/.test(room)) {
			const problem =
				'Please tell us your name, and a document of up to 40 letters, digits and hyphens.';
			return fail(400, { name, room, problem });
		}
		// A name is no secret, and the example is also used over plain HTTP in a local network.
		cookies.set('name', name, { path: '/', httpOnly: true, sameSite: 'lax', secure: false });
		redirect(303, `/${room}`);
	}
};
