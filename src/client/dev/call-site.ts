/** Where a package of this module was called from. For development: bundles have other stacks. */
export interface CallSite {
	/** Of the caller, as consoles link to it: `https://localhost/src/App.svelte:12:3`. */
	place: string;
	/** The module that is being evaluated; undefined where some function runs later. */
	module: ModuleVersion | undefined;
}

export interface ModuleVersion {
	/** URL without what Vite adds for every edit. */
	url: string;
	version: string;
}

interface Frame {
	/** URL, line and column. */
	place: string;
	/** The code of a module that stands in no function. */
	isModule: boolean;
}

/** What V8 tells of a frame: https://v8.dev/docs/stack-trace-api */
interface V8Frame {
	toString(): string;
	getEnclosingLineNumber?(): number;
	getEnclosingColumnNumber?(): number;
}

interface ErrorOfV8 {
	prepareStackTrace?: unknown;
	stackTraceLimit?: number;
}

/** @returns undefined where nobody can tell: not in a page that Vite serves, or a browser that says too little */
export function callSite(): CallSite | undefined {
	const frames = readFrames();
	// This file is two folders below all that is not the app's.
	const own = frames[0]?.place.split('/').slice(0, -2).join('/') ?? '';
	const caller = frames.find(({ place }) => !place.startsWith(`${own}/`));
	const outermost = frames.at(-1);
	if (!caller || !outermost?.place.startsWith('http')) return undefined;
	return {
		place: caller.place,
		module: outermost.isModule ? versionOf(outermost.place) : undefined
	};
}

function readFrames(): Frame[] {
	const v8 = Error as ErrorOfV8;
	const { prepareStackTrace, stackTraceLimit } = v8;
	let frames: Frame[] | undefined;
	v8.prepareStackTrace = (_: unknown, sites: V8Frame[]) => {
		frames = sites.map(fromV8);
	};
	v8.stackTraceLimit = Infinity;
	// It is made when it is asked for.
	const { stack } = new Error();
	Object.assign(v8, { prepareStackTrace, stackTraceLimit });
	return frames ?? String(stack).split('\n').flatMap(fromText);
}

/** What is in no function is in one that begins where the module does. */
function fromV8(frame: V8Frame): Frame {
	const start = [frame.getEnclosingLineNumber?.(), frame.getEnclosingColumnNumber?.()];
	return {
		place: placeIn(String(frame)),
		isModule: start[0] === 1 && start[1] === 1
	};
}

/** In Firefox and Safari: `name@place`; what is in no function has no name, or is "module code". */
function fromText(line: string): Frame[] {
	const [, name, rest = ''] = /^([^@]*)@(.*)$/.exec(line) ?? [];
	if (name === undefined) return [];
	return [{ place: placeIn(rest), isModule: name === '' || name === 'module code' }];
}

function placeIn(text: string): string {
	return /\w+:\/\/\S+?:\d+:\d+/.exec(text)?.[0] ?? text;
}

function versionOf(place: string): ModuleVersion {
	const url = new URL(place.replace(/:\d+:\d+$/, ''));
	const version = url.searchParams.get('t') ?? '';
	url.searchParams.delete('t');
	return { url: url.href, version };
}
