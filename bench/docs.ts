/** The lines of a document between which results stand. */
const beginOf = (command: string) =>
	`<!-- Between these two lines \`${command}\` puts what it has measured. -->`;
const end = '<!-- The end of what was measured. -->';

/**
 * Put a report into a document in place of the one that was there.
 * @param command what has made it
 * @throws if the document has no place for it
 */
export function replaceResults(
	document: string,
	report: string,
	command = 'npm run bench -- --save'
): string {
	const begin = beginOf(command);
	const [first, last] = [document.indexOf(begin), document.indexOf(end)];
	if (first === -1 || last < first)
		throw new Error(`The document lacks the lines\n${begin}\n${end}`);
	// without the title, and with headings that stand below those of the document
	const text = report.replace(/^# .*\n/, '').replaceAll(/^## /gm, '### ');
	return `${document.slice(0, first + begin.length)}\n\n${text.trim()}\n\n${document.slice(last)}`;
}
