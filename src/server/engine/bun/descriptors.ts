import type { ListenOptions } from '../engine.ts';
import { refuseDescriptor } from '../listen.ts';

/**
 * Bun's own server takes no file descriptor, and its `node:http` would listen on some other port instead, and say nothing.
 * @throws {AdapterError} `listen_failed` if there is one
 */
export function refuseOnBun(
	options: ListenOptions
): asserts options is Exclude<ListenOptions, { fd: number }> {
	refuseDescriptor(options, 'Bun', 'Start the build with Node: "node build".');
}
