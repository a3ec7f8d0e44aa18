import { Registry } from './registry.ts';

const key = Symbol.for('svelte-adapter-ws');

/** The process's registry. It lives on `globalThis`, so that two copies of this package share it. */
export function sharedRegistry(): Registry {
	const shared = globalThis as { [key]?: Registry };
	return (shared[key] ??= new Registry());
}
