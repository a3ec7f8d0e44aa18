import type { Handle } from '@sveltejs/kit/hooks';
import { parseName } from '#lib/names.ts';

/** Runs for pages, endpoints and WebSocket upgrades alike: who you are is decided once, here. */
export const handle: Handle = ({ event, resolve }) => {
	const name = parseName(event.cookies.get('name'));
	event.locals.user = name ? { name } : null;
	return resolve(event);
};
