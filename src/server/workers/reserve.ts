import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ListenOptions } from '../engine/engine.ts';
import { listenFailed } from '../engine/listen.ts';
import { clearSocketPath } from '../engine/socket-file.ts';

/**
 * Workers share a place with whoever else shares it: before they begin, it has to be nobody's.
 * @returns it, with a port where any would do
 * @throws {AdapterError} `listen_failed`
 */
export async function reservePlace(options: ListenOptions): Promise<ListenOptions> {
	if ('path' in options) await clearSocketPath(options.path);
	if (!('port' in options)) return options;
	const probe = createServer().listen({ ...options, exclusive: true });
	try {
		await once(probe, 'listening');
	} catch (error) {
		throw listenFailed(options, error as NodeJS.ErrnoException);
	}
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return { ...options, port };
}
