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
export interface KitContext {
	paths: { base: string; origin?: string | undefined };
	csrf: { trustedOrigins: string[] };
	router: { type: 'pathname' | 'hash' };
	files: Pick<AppFiles, 'params' | 'exportMatchers'>;
	outDir: string;
}
