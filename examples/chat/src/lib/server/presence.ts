// room -> name -> open connections. It knows this process only: with WORKERS=4 each worker has its own list.
const rooms = new Map<string, Map<string, number>>();

export function join(room: string, name: string): void {
	let names = rooms.get(room);
	if (!names) rooms.set(room, (names = new Map()));
	names.set(name, (names.get(name) ?? 0) + 1);
}

export function leave(room: string, name: string): void {
	const names = rooms.get(room);
	const connections = names?.get(name);
	if (!names || !connections) return;
	if (connections > 1) names.set(name, connections - 1);
	else names.delete(name);
	if (names.size === 0) rooms.delete(room);
}

/** Everybody in the room, each name once, in alphabetical order. */
export function present(room: string): string[] {
	return [...(rooms.get(room)?.keys() ?? [])].sort((a, b) => a.localeCompare(b));
}
