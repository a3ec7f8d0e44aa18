import type { AnyHandler } from './handler.ts';

/** What cannot be used of a handler, and what to do about it. */
interface Fault {
	name: 'reauthorize' | 'incoming' | 'outgoing';
	value: string;
	todo: string;
}

/** What is wrong with what a handler has besides hooks, if something is. */
export function faultOf(handler: AnyHandler): Fault | undefined {
	const { reauthorize } = handler;
	if (!isPeriod(reauthorize)) {
		const todo = 'Give reauthorize a number of seconds above 0, or leave it out.';
		return { name: 'reauthorize', value: String(reauthorize), todo };
	}
	const name = (['incoming', 'outgoing'] as const).find((each) => !isSchema(handler[each]));
	if (name === undefined) return undefined;
	const todo = `Give ${name} a Standard Schema, such as one of Valibot 1, Zod 3.24 or ArkType 2, or leave it out.`;
	return { name, value: typeof handler[name], todo };
}

function isPeriod(seconds: unknown): boolean {
	if (seconds === undefined) return true;
	return typeof seconds === 'number' && seconds > 0 && seconds < Infinity;
}

/** Some are objects, others functions. */
function isSchema(value: unknown): boolean {
	if (value === undefined) return true;
	const standard = (value as { '~standard'?: unknown } | null)?.['~standard'];
	return typeof (standard as { validate?: unknown } | undefined)?.validate === 'function';
}
