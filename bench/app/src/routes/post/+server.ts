import { json } from '@sveltejs/kit';

export const POST = async ({ request }: { request: Request }) => {
	const body = (await request.json()) as { items: unknown[] };
	return json({ items: body.items.length });
};
