import type { Builder } from '@sveltejs/kit';
import type { ResolvedOptions } from '../options.ts';
import type { AppFiles } from './hook-file.ts';

/** What the plugins know of the app. */
export interface AppContext {
	/** The adapter's own options; sockets are on. */
	websocket: Exclude<ResolvedOptions['websocket'], false>;
	kit: KitContext;
	/** SvelteKit's major version. */
	major: 2 | 3;
}

/** The part of Kit's config that matters to sockets. */
export interface KitContext extends Pick<
	Builder['config'],
	'csrf' | 'router' | 'paths' | 'outDir'
> {
	files: Pick<AppFiles, 'params' | 'exportMatchers'>;
}
