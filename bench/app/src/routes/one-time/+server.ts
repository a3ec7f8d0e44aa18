import { websockets } from 'svelte-adapter-ws/server';
import type { RequestEvent } from '@sveltejs/kit';

/** The URL of a socket that sends back what it gets. */
export const GET = (event: RequestEvent) =>
	new Response(
		websockets.use(event, {
			message(peer, message) {
				peer.send(message.data);
			}
		})
	);
