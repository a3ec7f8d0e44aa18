export const MAX_NAME_LENGTH = 24;

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const INVISIBLE = /[\s\p{C}\p{Default_Ignorable_Code_Point}]/gu;

/** The name without the space around it, or `null` where it is empty, too long or cannot be seen. */
export function parseName(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const name = value.trim();
	const isVisible = name.replace(INVISIBLE, '') !== '';
	if (!isVisible || CONTROL.test(name) || [...name].length > MAX_NAME_LENGTH) return null;
	return name;
}

/** The same name has the same hue everywhere, without anybody storing it. */
export function hueOf(name: string): number {
	let hash = 0;
	for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 100_003;
	// The golden angle keeps names that differ by one letter far apart on the wheel.
	return Math.round((hash * 137.508) % 360);
}
