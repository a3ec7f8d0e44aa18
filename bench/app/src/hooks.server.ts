import type { Handle } from '@sveltejs/kit/hooks';

/** What most apps do with every request, sockets included. */
export const handle: Handle = ({ event, resolve }) => {
	Object.assign(event.locals, { user: event.cookies.get('session') });
	return resolve(event);
};
