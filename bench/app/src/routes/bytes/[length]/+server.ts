import { text } from '@sveltejs/kit';

const made = new Map<string, string>();

export const GET = ({ params: { length } }: { params: { length: string } }) => {
	const body = made.get(length) ?? 'x'.repeat(Number(length));
	made.set(length, body);
	return text(body);
};
