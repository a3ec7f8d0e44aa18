import type { Emulator } from '@sveltejs/kit';
import { sharedRegistry } from '../../src/server/registry/global.ts';

/**
 * `event.platform` where Kit runs without our server: in dev and preview, and while it analyses and prerenders. Kit asks
 * for it without the request, so `req` is not there.
 */
export function emulator(): Emulator {
	const platform: Partial<App.Platform> = { websockets: sharedRegistry() };
	return { platform: () => platform as App.Platform };
}
