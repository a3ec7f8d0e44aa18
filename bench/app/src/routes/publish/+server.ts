import { websockets } from 'svelte-adapter-ws/server';

export const POST = async ({ request }: { request: Request }) => {
	websockets.publish('room', await request.json());
	return new Response(null, { status: 204 });
};
