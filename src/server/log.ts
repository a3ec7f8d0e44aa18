import { inspect } from 'node:util';
import { sentence } from '../shared/errors.ts';

/** Where the server's lines go: one line per event. */
export interface Log {
	info(what: string): void;
	warn(what: string, value?: string): void;
	/** The error's name, message and first place in the code, on one line. */
	error(what: string, error: unknown): void;
}

export function createLog(
	console: Pick<Console, 'log' | 'warn' | 'error'> = globalThis.console
): Log {
	return {
		info: (what) => console.log(singleLine(what)),
		warn: (what, value) => console.warn(singleLine(sentence(what, value))),
		error: (what, error) => console.error(singleLine(sentence(what, describeError(error))))
	};
}

/** `TypeError: x is not a function at handle (file.js:1:2)`, whatever was thrown, without a line break. */
export function describeError(error: unknown): string {
	if (!(error instanceof Error)) return singleLine(describeValue(error));
	const place = findPlace(error.stack ?? '');
	return singleLine(`${error.name}: ${error.message}${place === undefined ? '' : ` ${place}`}`);
}

/** `String` fails for some values; here nothing may. */
function describeValue(value: unknown): string {
	return typeof value === 'string' ? value : inspect(value, { depth: 1, breakLength: Infinity });
}

/** Where it happened in the app's own code: what Node itself did on the way tells nobody anything. */
function findPlace(stack: string): string | undefined {
	const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
	const frame = frames.find((line) => !/\(?(?:node:|<anonymous>)/.test(line)) ?? frames[0];
	return frame?.trim();
}

/** Line breaks and control characters come from the network too: they must not forge a line of the log. */
function singleLine(text: string): string {
	// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
	return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
