import { error, json } from '@sveltejs/kit';
import { MAX_TEXT_LENGTH, parseText, type ServerMessage } from '#lib/protocol.ts';
import { ANNOUNCEMENTS } from '#lib/rooms.ts';
import type { RequestHandler } from './$types';

/** `curl -d '{"text":"hello"}' -H 'content-type: application/json' localhost:3000/api/announce` */
export const POST: RequestHandler = async ({ request, locals, platform }) => {
	if (!platform) error(503, 'This app runs without svelte-adapter-ws');

	const body: unknown = await request.json().catch(() => null);
	const text = parseText((body as { text?: unknown } | null)?.text);
	if (text === null) {
		const message = `Send JSON: { "text": "…" } with 1 to ${MAX_TEXT_LENGTH} characters`;
		return json({ message }, { status: 400 });
	}

	const announcement: ServerMessage = {
		type: 'announcement',
		from: locals.user?.name ?? 'the server',
		text,
		at: Date.now()
	};
	platform.websockets.publish(ANNOUNCEMENTS, announcement);
	return json({ subscribers: platform.websockets.subscribers(ANNOUNCEMENTS) });
};
