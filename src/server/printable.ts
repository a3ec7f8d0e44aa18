// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]+/g;

/**
 * A text that came from somewhere else, for a line of the log: without what forges another line or moves the cursor.
 * @param length characters that are kept; the rest is three dots
 */
export function printable(text: string, length = Infinity): string {
	const short = text.length > length ? `${text.slice(0, length)}\u2026` : text;
	return short.replace(control, ' ');
}
