import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import { MAX_TEXT_LENGTH, Text, type Entry } from '#lib/protocol.ts';
import { ANNOUNCEMENTS } from '#lib/rooms.ts';
import type { RequestHandler } from './$types';

/** `curl -d '{"text":"hello"}' -H 'content-type: application/json' localhost:3000/api/announce` */
export const POST: RequestHandler = async ({ request, locals, platform }) => {
	if (!platform) error(503, 'This app runs without svelte-adapter-ws');

	const body: unknown = await request.json().catch(() => null);
	const { success, output } = v.safeParse(v.object({ text: Text }), body);
	if (!success) {
		const message = `Send JSON: { "text": "…" } with 1 to ${MAX_TEXT_LENGTH} characters`;
		return json({ message }, { status: 400 });
	}

	const announcement: Entry = {
		type: 'announcement',
		from: locals.user?.name ?? 'the server',
		text: output.text,
		at: Date.now()
	};
	platform.websockets.publish(ANNOUNCEMENTS, announcement);
	return json({ subscribers: platform.websockets.subscribers(ANNOUNCEMENTS) });
};
