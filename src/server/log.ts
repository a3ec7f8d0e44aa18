import { inspect } from 'node:util';
import { sentence } from '../shared/errors.ts';
import { printable } from './printable.ts';
import { StackMapper } from './stack.ts';

/** Where the server's lines go: one line per event. */
export interface Log {
	info(what: string): void;
	/** @param todo a sentence */
	warn(what: string, value?: string, todo?: string): void;
	/** The error's name, message and first place in the code, on one line. */
	error(what: string, error: unknown): void;
	/** Make the stack of an error name the app's sources, before it is handed to anybody. Never throws. */
	mapStack(error: unknown): void;
}

export function createLog(
	mapStack: Log['mapStack'] = createMapper(),
	console: Pick<Console, 'log' | 'warn' | 'error'> = globalThis.console
): Log {
	return {
		info: (what) => console.log(printable(what)),
		warn: (what, value, todo) => console.warn(printable(sentence(what, value, todo))),
		error(what, error) {
			mapStack(error);
			console.error(printable(sentence(what, describeError(error))));
		},
		mapStack
	};
}

/** For what somebody else says already. */
export const noLog: Log = { info() {}, warn() {}, error() {}, mapStack() {} };

function createMapper(): Log['mapStack'] {
	const stacks = new StackMapper();
	return (error) => stacks.map(error);
}

/** `TypeError: x is not a function at handle (file.js:1:2)`, whatever was thrown, without a line break. Never throws. */
export function describeError(error: unknown): string {
	for (const describe of [describeThrown, describeValue]) {
		try {
			return printable(describe(error));
		} catch {
			// A getter of what was thrown throws in its turn.
		}
	}
	return `${typeof error} that cannot be shown`;
}

function describeThrown(error: unknown): string {
	if (!(error instanceof Error)) return describeValue(error);
	const place = findPlace(error.stack ?? '');
	return `${error.name}: ${error.message}${place === undefined ? '' : ` ${place}`}`;
}

/** `String` fails for some values; here nothing may. */
function describeValue(value: unknown): string {
	return typeof value === 'string' ? value : inspect(value, { depth: 1, breakLength: Infinity });
}

/** Where it happened in the app's own code: what Node itself and packages did on the way tells nobody anything. */
function findPlace(stack: string): string | undefined {
	const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
	const outsideOfNode = frames.filter((line) => !/\(?(?:node:|<anonymous>)/.test(line));
	const inTheApp = outsideOfNode.find((line) => !/[\\/]?node_modules[\\/]/.test(line));
	return (inTheApp ?? outsideOfNode[0] ?? frames[0])?.trim();
}
