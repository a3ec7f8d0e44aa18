import { json } from '@sveltejs/kit';

export const POST = async ({ request }: { request: Request }) => {
	const body = await request.arrayBuffer();
	return json({ length: body.byteLength });
};
