import { resolveOptions, type AdapterOptions } from '../../../adapter/options.ts';
import type { AppContext, KitContext, SocketContext } from '../../../adapter/vite/context.ts';
import { withSockets } from '../../../adapter/vite/context.ts';

/** Kit's own defaults. */
const kit: KitContext = {
	appDir: '_app',
	csrf: { trustedOrigins: [] },
	files: { params: 'src/params' },
	outDir: '.svelte-kit',
	paths: { base: '' },
	router: { type: 'pathname' }
};

/** What the plugins find of an app with these options of the adapter. */
export function appContext(options: AdapterOptions = {}, major: 2 | 3 = 3): AppContext {
	const { websocket } = resolveOptions(options);
	return { websocket, kit, major };
}

/** The same, for plugins that have to do with sockets. */
export const findSockets = (): SocketContext | undefined => withSockets(appContext());
