import { fail } from '@sveltejs/kit';
import { websockets } from 'svelte-adapter-ws/server';
import { allPictures, keepPicture } from '#lib/server/pictures.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async () => ({ pictures: await allPictures() });

export const actions: Actions = {
	default: async ({ request }) => {
		const file = (await request.formData()).get('picture');
		if (!(file instanceof File) || file.size === 0) {
			return fail(400, { problem: 'Choose a picture.' });
		}
		const picture = await keepPicture(new Uint8Array(await file.arrayBuffer()));
		if (picture === undefined) {
			return fail(415, { problem: 'That is no picture: use PNG, JPEG, GIF or WebP.' });
		}
		websockets.publish('pictures', picture);
		return { picture };
	}
};
