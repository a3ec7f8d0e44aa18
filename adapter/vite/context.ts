import type { Builder } from '@sveltejs/kit';
import type { ResolvedOptions } from '../options.ts';

/** What the plugins know of the app. */
export interface AppContext {
	/** The adapter's own options; sockets are on. */
	websocket: Exclude<ResolvedOptions['websocket'], false>;
	kit: KitContext;
}

/** The part of Kit's config that matters to sockets. */
export interface KitContext extends Pick<
	Builder['config'],
	'csrf' | 'router' | 'paths' | 'outDir'
> {
	files: Pick<Builder['config']['files'], 'params'>;
}
