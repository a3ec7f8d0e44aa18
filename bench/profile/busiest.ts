/** What `node --cpu-prof` writes: the type `Profile` of the Chrome DevTools Protocol. */
export interface CpuProfile {
	nodes: readonly { id: number; callFrame: CallFrame }[];
	/** Which node was on top of the stack. */
	samples: readonly number[];
	/** Microseconds since the sample before. */
	timeDeltas: readonly number[];
}

interface CallFrame {
	functionName: string;
	url: string;
	/** From 0. */
	lineNumber: number;
}

/** A function, and what it has used itself, without those that it calls. */
export interface Busy {
	name: string;
	/** Of the time in which the process did anything: 0 to 1. */
	share: number;
}

/** The functions that have used most, most first. */
export function busiest({ nodes, samples, timeDeltas }: CpuProfile, count: number): Busy[] {
	const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
	const times = new Map<string, number>();
	let sum = 0;
	for (const [index, id] of samples.entries()) {
		const name = names.get(id);
		const time = timeDeltas[index] ?? 0;
		if (name === undefined || name === '(idle)') continue;
		times.set(name, (times.get(name) ?? 0) + time);
		sum += time;
	}
	return [...times]
		.map(([name, time]) => ({ name, share: time / sum }))
		.toSorted((one, other) => other.share - one.share)
		.slice(0, count);
}

/** `resolve (server/index.js:120)`, `(garbage collector)` */
function nameOf({ functionName, url, lineNumber }: CallFrame): string {
	const name = functionName === '' ? '(anonymous)' : functionName;
	if (url === '') return name;
	const place = url.startsWith('node:') ? url : url.split('/').slice(-2).join('/');
	return `${name} (${place}:${lineNumber + 1})`;
}
