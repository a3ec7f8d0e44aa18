import type { ResolvedOptions } from '../options.ts';

/** What the plugins know of the app. */
export interface AppContext {
	/** The adapter's own options. */
	websocket: ResolvedOptions['websocket'];
	kit: KitContext;
	/** SvelteKit's major version. */
	major: 2 | 3;
}

/** An app whose sockets are on. */
export interface SocketContext extends AppContext {
	websocket: Exclude<ResolvedOptions['websocket'], false>;
}

/** The part of Kit's config that matters to sockets. */
export interface KitContext {
	appDir: string;
	paths: { base: string; origin?: string | undefined };
	csrf: { trustedOrigins: string[] };
	router: { type: 'pathname' | 'hash' };
	files: {
		/** A file without its extension, relative to the app's root, or a folder. */
		params: string;
		/** Code that exports the param matchers in there as `matchers`. Default: for SvelteKit 3, which has one file for all. */
		exportMatchers?(root: string, params: string): string;
	};
	outDir: string;
}

/**
 * The app, for plugins to ask for in their hooks: in SvelteKit 2 it is known once Vite has read its config. Undefined where
 * Kit was given another adapter; then the plugins do nothing.
 */
export type FindApp = () => AppContext | undefined;

/** The same, and undefined where its sockets are off. */
export type FindSockets = () => SocketContext | undefined;

export function withSockets(app: AppContext | undefined): SocketContext | undefined {
	return app?.websocket ? { ...app, websocket: app.websocket } : undefined;
}
