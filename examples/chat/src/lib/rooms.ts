export const ROOMS = [
	{ slug: 'lobby', about: 'Where everybody starts' },
	{ slug: 'design', about: 'Shapes, colours, type' },
	{ slug: 'random', about: 'Anything else' }
] as const;

export const DEFAULT_ROOM = 'lobby';

/** As an HTML `pattern` too: letters, digits, hyphens and underscores. */
export const ROOM_PATTERN = '[A-Za-z0-9_\\-]{1,40}';

const SLUG = new RegExp(`^${ROOM_PATTERN}$`);

export function isRoom(value: unknown): value is string {
	return typeof value === 'string' && SLUG.test(value);
}

/** The topic on which everybody in this room listens. */
export function roomTopic(room: string): `room:${string}` {
	return `room:${room}`;
}

/** The topic on which everybody in every room listens. */
export const ANNOUNCEMENTS = 'announcements';
