import { json } from '@sveltejs/kit';

export const GET = ({ url }: { url: URL }) => json({ hello: 'world', path: url.pathname });
