import type { Handle } from '@sveltejs/kit/hooks';

/** Runs for pages and for handshakes of sockets alike: who you are is decided once, here. */
export const handle: Handle = ({ event, resolve }) => {
	const name = event.cookies.get('name')?.trim().slice(0, 30);
	event.locals.user = name ? { name } : undefined;
	return resolve(event);
};
