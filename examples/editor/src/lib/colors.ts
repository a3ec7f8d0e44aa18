const colors = ['#c2410c', '#15803d', '#1d4ed8', '#a21caf', '#b91c1c', '#0f766e', '#7e22ce'];

/** Always the same one for a name. */
export function colorOf(name: string): string {
	const sum = [...name].reduce((all, letter) => all + (letter.codePointAt(0) ?? 0), 0);
	return colors[sum % colors.length] ?? '#1d4ed8';
}
