import { json } from '@sveltejs/kit';
import { visits } from '#lib/server/visits.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = () => json({ visits: visits.count });
