import type { Emulator } from '@sveltejs/kit';
import { sharedRegistry } from '../../src/server/registry/global.ts';

/** `event.platform` where Kit runs without our server: in dev and preview, and while it analyses and prerenders. */
export function emulator(): Emulator {
	return { platform: () => ({ websockets: sharedRegistry() }) };
}
